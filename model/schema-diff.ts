import { BOOKKEEPING_COLUMNS } from "./bookkeeping-columns";
import { addedColumn } from "./bronze-columns";
import { closestName } from "./closest-name";
import type { ManifestColumn, ManifestTable } from "./manifest";
import { sparkType } from "./source-types";
import { holds } from "./wider-type";

/** A column of the source, by its name in the lake. */
export interface SourceColumnType {
  readonly name: string;
  /** As PostgreSQL writes it: `numeric(12,2)`. */
  readonly type: string;
}

/** What a difference does: nothing by itself, silver follows, or somebody has to act. */
export type Effect = "none" | "follows" | "act";

/**
 * Whether replication hears of changed columns. `reload`: DMS learns of them by a full load alone.
 */
export type ColumnChanges = "heard" | "reload";

const ARRIVES: Readonly<Record<ColumnChanges, string>> = {
  heard: "with the table's next change",
  reload: "with a reload, for AWS DMS is not told of it (replication.captureDdl)",
};

/** A way in which source, definition and table differ. */
export interface SchemaDifference {
  readonly table: string;
  /** Null where it is about the whole table. */
  readonly column: string | null;
  /** What the source, the definition and silver as it is stored have; null for nothing. */
  readonly source: string | null;
  readonly definition: string | null;
  readonly silver: string | null;
  readonly effect: Effect;
  /** What happens, and what there is to do. */
  readonly meaning: string;
  /** Whether queries that work now fail, or lose values, because of it. */
  readonly breaksReaders: boolean;
}

/**
 * How a table's source, definition and stored silver table differ, column by column.
 * @param source undefined where the source has no such table
 * @param stored undefined where silver is not made yet
 * @param changes what replication hears of
 */
export function schemaDifferences(
  table: ManifestTable,
  source: readonly SourceColumnType[] | undefined,
  stored: readonly ManifestColumn[] | undefined,
  changes: ColumnChanges = "heard",
): SchemaDifference[] {
  if (!source) {
    return [
      difference(table, null, {
        definition: table.name,
        effect: "act",
        meaning: `the source has no ${table.source_schema}.${table.source_table}: correct sourceSchema and sourceTable, or take the table out`,
        breaksReaders: true,
      }),
    ];
  }
  const silver = new Map((stored ?? []).map(({ name, type }) => [name, type]));
  const ofSource = new Map(source.map(({ name, type }) => [name, type]));
  const declared = new Map(table.source_columns.map(({ name, type }) => [name, type]));
  return [
    ...source.flatMap(({ name, type }) =>
      declared.has(name)
        ? retyped(table, name, type, declared.get(name)!, ARRIVES[changes])
        : [added(table, name, type, silver.get(addedColumn(name)), ARRIVES[changes])],
    ),
    ...[...declared].flatMap(([name, type]) =>
      ofSource.has(name) ? [] : [dropped(table, name, type, [...ofSource.keys()], declared)],
    ),
    ...(stored ? leftBehind(table, silver, [...ofSource.keys()].map(addedColumn)) : []),
  ];
}

type Found = Pick<SchemaDifference, "effect" | "meaning" | "breaksReaders"> &
  Partial<Pick<SchemaDifference, "source" | "definition" | "silver">>;

function difference(
  { name }: ManifestTable,
  column: string | null,
  found: Found,
): SchemaDifference {
  return { table: name, column, source: null, definition: null, silver: null, ...found };
}

/** A column that the definition does not have. */
function added(
  table: ManifestTable,
  column: string,
  source: string,
  silver: string | undefined,
  arrives: string,
): SchemaDifference {
  const strict = table.evolution === "strict";
  const meaning = strict
    ? "is ignored, for evolution is strict; declare it to have it"
    : silver
      ? "flows through; declare it for silver SQL, rules and tenants' columns to know it"
      : `flows through ${arrives}`;
  return difference(table, column, {
    source,
    silver: silver ?? null,
    effect: strict ? "none" : "follows",
    meaning,
    breaksReaders: false,
  });
}

/** A column that the source has in another type. */
function retyped(
  table: ManifestTable,
  column: string,
  source: string,
  definition: string,
  arrives: string,
): SchemaDifference[] {
  const result = sparkType(source);
  const found = "problem" in result ? "string" : result.sparkType;
  if (holds(definition, found)) return [];
  // Text holds everything where it is declared, but a number does not become text by itself.
  const widens = found !== "string" && holds(found, definition);
  return [
    difference(table, column, {
      source,
      definition,
      effect: widens ? "follows" : "act",
      meaning: widens
        ? `widens to ${found} ${arrives}; declare it so, that the catalog has it`
        : `stops the table, for ${found} does not become ${definition}: declare the new type and ./lake reload ${table.name}`,
      breaksReaders: !widens,
    }),
  ];
}

/** A column that the source has no more. */
function dropped(
  table: ManifestTable,
  column: string,
  definition: string,
  present: readonly string[],
  declared: ReadonlyMap<string, string>,
): SchemaDifference {
  const renamed = closestName(
    column,
    present.filter((name) => !declared.has(name)),
  );
  const asKey = table.key.includes(column);
  const remedy = renamed ? `; if it is ${renamed} now, declare it by that name` : "";
  return difference(table, column, {
    definition,
    effect: "act",
    meaning: asKey
      ? `is a key column: nothing can be applied without it${remedy}`
      : `is null from now on; earlier rows keep their values${remedy}`,
    breaksReaders: true,
  });
}

/** Columns of the stored table that its definition does not give any more, and the reverse. */
function leftBehind(
  table: ManifestTable,
  silver: ReadonlyMap<string, string>,
  source: readonly string[],
): SchemaDifference[] {
  const compiled = new Map(table.columns.map(({ name, type }) => [name, type]));
  if (compiled.size === 0) return [];
  const gone = [...silver].filter(
    ([name]) =>
      !compiled.has(name) && !source.includes(name) && !BOOKKEEPING_COLUMNS.includes(name),
  );
  const changed = [...compiled].filter(([name, type]) => silver.get(name) !== type);
  return [
    ...gone.map(([name, type]) =>
      difference(table, name, {
        silver: type,
        effect: "follows",
        meaning: "is in silver alone: it goes when the table is next made anew",
        breaksReaders: true,
      }),
    ),
    ...changed
      .filter(([name, type]) => !silver.has(name) || !holds(silver.get(name)!, type))
      .map(([name, type]) =>
        difference(table, name, {
          definition: type,
          silver: silver.get(name) ?? null,
          effect: "follows",
          meaning: "is in silver with the next run, which makes the table anew",
          breaksReaders: silver.has(name) && !holds(type, silver.get(name)!),
        }),
      ),
  ];
}
