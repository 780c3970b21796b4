import {
  BEFORE_IMAGE_PREFIX,
  CHANGE_COLUMNS,
  lakeColumn,
  reservedColumns,
} from "../../model/bronze-columns";
import { UserError } from "../../model/errors";
import type { Manifest, ManifestTable } from "../../model/manifest";
import { type ColumnPlan, type ColumnSource, planColumns } from "./columns";
import type { CsvEncoder } from "./csv-encoder";
import { type RowChange, type Tuple, UNCHANGED } from "./pgoutput";

/** A table that is replicated: one of the lake's, or a control table. */
export interface ReplicatedTable {
  /** The lake's name for it; of a control table `schema.table`. */
  readonly name: string;
  readonly schema: string;
  readonly table: string;
  readonly key: readonly string[];
  /** Absent of a control table. */
  readonly manifest: ManifestTable | undefined;
  /** KB after which its large values are cut; 0: never. */
  readonly maxLobKb: number;
}

/** The lake's tables. */
export function lakeTables(manifest: Manifest): ReplicatedTable[] {
  return manifest.tables.map((table) => ({
    name: table.name,
    schema: table.source_schema,
    table: table.source_table,
    key: table.key,
    manifest: table,
    maxLobKb: manifest.max_lob_kb,
  }));
}

/** The tables that carry truncations and heartbeats. */
export function controlTables({ control }: Manifest): {
  truncations: ReplicatedTable;
  heartbeat: ReplicatedTable;
} {
  const table = (name: string): ReplicatedTable => ({
    name: `${control.schema}.${name}`,
    schema: control.schema,
    table: name,
    key: ["id"],
    manifest: undefined,
    maxLobKb: 0,
  });
  return { truncations: table(control.truncations), heartbeat: table(control.heartbeat) };
}

/** The columns of a table's bronze files for one version of the source table's columns. */
export interface TableLayout {
  readonly table: ReplicatedTable;
  /** Equal for equal source columns. */
  readonly signature: string;
  /** Own columns in the order of the source's tuples. */
  readonly own: readonly ColumnPlan[];
  /** The own columns' names in the source, which may have capitals. */
  readonly sourceNames: readonly string[];
  readonly key: readonly ColumnPlan[];
  /** All columns of a file. */
  readonly columns: readonly ColumnPlan[];
  /** Staged text columns of change rows: all of `columns`, in order. */
  readonly staged: readonly string[];
  /** Positions of the own columns, and of the key's, in the source's tuples. */
  readonly positions: readonly number[];
  readonly keyPositions: readonly number[];
}

/**
 * Lays out a table's files.
 * @throws UserError when a key column is missing, a name is taken, or a type cannot be represented
 */
export function layOut(table: ReplicatedTable, source: readonly ColumnSource[]): TableLayout {
  const kept = keptColumns(table, source);
  refuseNames(table, kept);
  const own = planColumns(kept, table.manifest, table.maxLobKb);
  const position = (name: string) => source.findIndex((column) => lakeColumn(column.name) === name);
  const key = table.key.map((name) => {
    const plan = own.find((column) => column.name === name);
    if (plan) return plan;
    throw new UserError(
      `table ${table.schema}.${table.table} has no column ${name}, which the lake's definition names ` +
        `as its key; found ${source.map((column) => column.name).join(", ")}`,
    );
  });
  const before = CHANGE_COLUMNS.map((name, index) => textColumn(name, `m${index}`));
  const images = key.map((plan, index) => ({
    ...plan,
    name: BEFORE_IMAGE_PREFIX + plan.name,
    staged: `b${index}`,
    expression: plan.expression.replaceAll(new RegExp(`\\b${plan.staged}\\b`, "g"), `b${index}`),
    checks: [],
  }));
  const columns = [...before, ...own, ...images];
  return {
    table,
    signature: JSON.stringify(kept),
    own,
    sourceNames: kept.map((column) => column.name),
    key,
    columns,
    staged: columns.map((column) => column.staged),
    positions: own.map((column) => position(column.name)),
    keyPositions: table.key.map(position),
  };
}

/** The same files for full load rows: operation and time are constants, there is no sequence or old key. */
export function loadColumns(layout: TableLayout, startedAt: string): ColumnPlan[] {
  const constants = ["'I'", `'${startedAt}'`, "''"];
  return layout.columns.map((column, index) => {
    if (index < CHANGE_COLUMNS.length) return { ...column, expression: constants[index] as string };
    const isImage = index >= CHANGE_COLUMNS.length + layout.own.length;
    return isImage ? { ...column, expression: `CAST(NULL AS ${column.type})` } : column;
  });
}

/** A strict table takes its declared columns alone; others carry what the source has. */
function keptColumns(table: ReplicatedTable, source: readonly ColumnSource[]): ColumnSource[] {
  if (table.manifest?.evolution !== "strict") return [...source];
  const declared = new Set(table.manifest.source_columns.map((column) => column.name));
  return source.filter((column) => declared.has(lakeColumn(column.name)));
}

function refuseNames(table: ReplicatedTable, columns: readonly ColumnSource[]): void {
  const seen = new Map(reservedColumns(table.key).map((name) => [name, "bronze's own"]));
  const declared = new Set(table.manifest?.source_columns.map((column) => column.name));
  for (const { name } of columns) {
    const known = lakeColumn(name);
    const taken = seen.get(known);
    if (taken) {
      const remedy = declared.has(known)
        ? "Rename one of them"
        : 'Rename it, or leave it out with evolution "strict"';
      throw new UserError(
        `column ${name} of ${table.schema}.${table.table} has the name of ${taken} column; lakes do ` +
          `not tell upper from lower case. ${remedy}`,
      );
    }
    seen.set(known, `the table's ${name}`);
  }
}

function textColumn(name: string, staged: string): ColumnPlan {
  return { name, staged, type: "VARCHAR", expression: staged, checks: [] };
}

const OPERATION = { insert: "I", update: "U", delete: "D" } as const;

/**
 * A change as a staged row: a line of CSV, valid until the encoder is used again.
 * @param timestamp commit time, `YYYY-MM-DD HH:MM:SS.ffffff` in UTC
 * @throws UserError when the update leaves out a large value that it did not change
 */
export function changeLine(
  encoder: CsvEncoder,
  layout: TableLayout,
  change: RowChange,
  timestamp: string,
  sequence: string,
): Buffer {
  const row = change.after ?? change.before;
  if (!row) throw new Error(`a change of ${layout.table.name} came without a row`);
  encoder.begin([OPERATION[change.kind], timestamp, sequence]);
  for (const position of layout.positions) {
    if (row.places[2 * position + 1] === UNCHANGED) throw leftOut(layout);
    encoder.add(row, position);
  }
  const before: Tuple | undefined = change.kind === "insert" ? undefined : (change.before ?? row);
  for (const position of layout.keyPositions) {
    if (before) encoder.add(before, position);
    else encoder.addNull();
  }
  return encoder.finish();
}

function leftOut(layout: TableLayout): UserError {
  const { schema, table } = layout.table;
  return new UserError(
    `an update of ${schema}.${table} leaves out a large value that it did not change, and null would ` +
      `overwrite it: the table needs REPLICA IDENTITY FULL. Run what \`./lake source sql\` prints`,
  );
}

/** Microseconds since 1970 as `YYYY-MM-DD HH:MM:SS.ffffff` in UTC. */
export function formatTimestamp(micros: bigint): string {
  const seconds = new Date(Number(micros / 1000n)).toISOString().slice(0, 19).replace("T", " ");
  return `${seconds}.${String(micros % 1_000_000n).padStart(6, "0")}`;
}
