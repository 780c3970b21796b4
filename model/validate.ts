import { reservedColumns } from "./bronze-columns";
import type { LakeDefinition, ModelDefinition, TableDefinition } from "./definition";
import { checkShape, type Problem, type WellFormed } from "./definition-shape";
import { rejectedLinesOf } from "./dropped-files";
import { qualityRule, referencedTables } from "./quality-rules";
import { tenantColumn } from "./tenancy";
import { zoneProblems } from "./zones";

/**
 * Every mistake that the definition alone shows: first the settings of a wrong shape, then what is
 * wrong with the others, each in the order of the definition.
 */
export function validateDefinition(definition: LakeDefinition): {
  problems: Problem[];
  rest: WellFormed | undefined;
} {
  const { problems, rest } = checkShape(definition);
  if (!rest) return { problems, rest };
  const add = (path: string, problem: string) => problems.push({ path, problem });
  checkTenancy(rest, add);
  for (const [zone, problem] of zoneProblems(rest.zones ?? {})) add(`zones.${zone}`, problem);
  if (Object.keys(rest.tables).length === 0) add("tables", "expected at least one table");
  checkSourcesOnce(rest, add);
  for (const [name, table] of Object.entries(rest.tables)) {
    checkTable(`tables.${name}`, table, add);
    checkQuality(`tables.${name}`, table, rest, add);
    checkFiles(`tables.${name}`, name, rest, add);
    checkStorage(`tables.${name}`, table, rest, add);
  }
  for (const [name, model] of Object.entries(rest.models)) {
    if (rest.tables[name]) {
      add(`models.${name}`, "has the name of a table; expected a name of its own");
    }
    checkModel(`models.${name}`, model, rest, add);
    checkStorage(`models.${name}`, model, rest, add);
  }
  return { problems, rest };
}

type Add = (path: string, problem: string) => void;

function checkTenancy({ tenancy, tables }: WellFormed, add: Add): void {
  if (!tenancy) return;
  const table = tables[tenancy.table];
  if (!table) {
    add("tenancy.table", `"${tenancy.table}" is no table of the lake; expected ${list(tables)}`);
  } else if (table.key && table.key.length > 1) {
    add(
      `tables.${tenancy.table}.key`,
      `lists the tenants by ${table.key.length} columns (${table.key.join(", ")}); expected one, the tenant's id`,
    );
  }
}

function checkSourcesOnce({ tables }: WellFormed, add: Add): void {
  const seen = new Map<string, string>();
  for (const [name, table] of Object.entries(tables)) {
    const source = `${table.sourceSchema ?? "public"}.${table.sourceTable ?? name}`;
    const other = seen.get(source);
    if (other) add(`tables.${name}`, `reads ${source}, which tables.${other} reads already`);
    seen.set(source, name);
  }
}

function checkTable(path: string, table: Partial<TableDefinition>, add: Add): void {
  const { key = [], columns } = table;
  checkOnce(`${path}.key`, key, add);
  if (!columns) return;
  const reserved = reservedColumns(key);
  for (const column of Object.keys(columns)) {
    if (reserved.includes(column)) {
      add(
        `${path}.columns.${column}`,
        "is the name of a column that replication writes; rename it in the source, or leave it out of the definition and set evolution to strict",
      );
    }
  }
  key.forEach((column, index) => {
    if (column in columns) return;
    add(
      `${path}.key[${index}]`,
      `"${column}" is no column of the table; expected ${list(columns)}`,
    );
  });
}

function checkQuality(
  path: string,
  { quality = [] }: Partial<TableDefinition>,
  { tables }: WellFormed,
  add: Add,
): void {
  quality.map(qualityRule).forEach(({ dqdl }, index) => {
    for (const table of referencedTables(dqdl).filter((table) => !(table in tables))) {
      const expected = `expected a table of the lake: ${list(tables)}`;
      add(`${path}.quality[${index}]`, `refers to "${table}"; ${expected}`);
    }
  });
}

function checkFiles(path: string, name: string, { tables }: WellFormed, add: Add): void {
  const { files, columns } = tables[name]!;
  if (!files || !columns) return;
  const { headers = {} } = files;
  for (const column of Object.keys(headers)) {
    if (column in columns) continue;
    add(`${path}.files.headers.${column}`, `is no column of the table; expected ${list(columns)}`);
  }
  for (const [column, type] of Object.entries(columns)) {
    if (!type.endsWith("[]")) continue;
    add(`${path}.columns.${column}`, `is ${type}, which a CSV file cannot hold; leave out files`);
  }
  const folder = folderOf(tables, name);
  const first = Object.keys(tables).find((table) => folderOf(tables, table) === folder);
  if (first !== name) add(`${path}.files.folder`, `"${folder}" is read by tables.${first} already`);
  const lines = rejectedLinesOf(name);
  if (lines in tables)
    add(`tables.${lines}`, `is where lines of ${name}'s files go that cannot be read`);
}

function folderOf(tables: WellFormed["tables"], name: string): string | undefined {
  const files = tables[name]?.files;
  return files && (files.folder ?? name);
}

function checkModel(
  path: string,
  model: Partial<ModelDefinition>,
  lake: WellFormed,
  add: Add,
): void {
  checkOnce(`${path}.grain`, model.grain ?? [], add);
  if (model.refreshBy !== "rebuild") checkOnce(`${path}.refreshBy`, model.refreshBy ?? [], add);
  for (const input of Object.keys(model.touched ?? {})) {
    const [layer, relation = ""] = input.split(".");
    const known = layer === "silver" ? lake.tables : layer === "gold" ? lake.models : {};
    if (!(relation in known)) {
      add(
        `${path}.touched["${input}"]`,
        "is no table or model of the lake; expected silver.<table> or gold.<model>",
      );
    }
  }
  if (model.refreshBy === "rebuild" && model.touched) {
    add(`${path}.touched`, "has no use in a model that is always rebuilt");
  }
}

/** What tables and models have in common: how they lie in storage. */
function checkStorage(
  path: string,
  relation: Pick<TableDefinition, "partitionBy" | "tenantColumn">,
  { tenancy }: WellFormed,
  add: Add,
): void {
  const partitionBy = relation.partitionBy ?? [];
  checkOnce(`${path}.partitionBy`, partitionBy, add);
  const tenant = partitionBy.indexOf(tenantColumn(tenancy, relation) ?? "");
  if (tenant < 0) return;
  add(
    `${path}.partitionBy[${tenant}]`,
    `"${partitionBy[tenant]}" holds the tenant; storage is never partitioned by tenant, for paths are visible`,
  );
}

/** Columns are named once. */
function checkOnce(path: string, columns: readonly string[], add: Add): void {
  columns.forEach((column, index) => {
    if (columns.indexOf(column) < index) add(`${path}[${index}]`, `names "${column}" again`);
  });
}

/** The names of a record, for "expected …". */
function list(record: object): string {
  return Object.keys(record).join(", ");
}
