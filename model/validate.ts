import { z } from "zod";

import type { LakeDefinition, ModelDefinition, TableDefinition } from "./definition";
import { sparkType } from "./source-types";

/** A mistake in a definition: where it is and what was expected. */
export interface Problem {
  /** Path in the definition, such as `tables.core_order.key[0]`. */
  readonly path: string;
  readonly problem: string;
}

const NAME = /^[a-z][a-z0-9_]*$/;
const NAME_EXPECTED = "expected a lower-case name of letters, digits and _, starting with a letter";

/** AWS DMS User Guide, "Target metadata task settings": LobMaxSize is at most 102,400 KB (100 MB). */
const MAX_LOB_KB = 102_400;

const name = z.string().regex(NAME, NAME_EXPECTED);
const sensitivity = z.enum(["internal", "personal", "secret"]);
const readers = z.array(sensitivity).optional();
const format = z.enum(["hudi", "delta"]);

const tableShape = z.strictObject({
  description: z.string().min(1, "expected one sentence"),
  sourceSchema: z.string().min(1).optional(),
  sourceTable: z.string().min(1).optional(),
  key: z.array(z.string()).min(1, "expected at least one key column"),
  columns: z.record(name, z.string()),
  format: format.optional(),
  partitionBy: z.array(name).optional(),
  buckets: z.int().min(1).max(4096).optional(),
  tenantColumn: name.nullable().optional(),
  deletes: z.enum(["hard", "soft"]).optional(),
  evolution: z.enum(["additive", "strict"]).optional(),
  rules: z
    .record(name, z.strictObject({ check: z.string().min(1), reason: z.string().min(1) }))
    .optional(),
  quality: z.array(z.string().min(1)).optional(),
  sensitivity: z.record(name, sensitivity).optional(),
});

const modelShape = z.strictObject({
  description: z.string().min(1, "expected one sentence"),
  grain: z.array(name).min(1, "expected the columns that identify a row"),
  refreshBy: z.union([z.array(name).min(1), z.literal("rebuild")]),
  touched: z.record(z.string(), z.string().min(1)).optional(),
  format: format.optional(),
  partitionBy: z.array(name).optional(),
  tenantColumn: name.nullable().optional(),
  quality: z.array(z.string().min(1)).optional(),
  sensitivity: z.record(name, sensitivity).optional(),
});

const lakeShape = z.strictObject({
  name,
  description: z.string().min(1, "expected one sentence"),
  source: z.strictObject({
    engine: z.literal("postgres"),
    database: z.string().min(1),
    maxLobKb: z.int().min(1).max(MAX_LOB_KB).optional(),
  }),
  format: format.optional(),
  tenancy: z.strictObject({ column: name, table: name }).nullable(),
  readers: z.strictObject({ tenant: readers, analyst: readers }).optional(),
  historyDays: z.int().min(1).optional(),
  listingDays: z.int().min(1).optional(),
  freshnessMinutes: z
    .strictObject({ silver: z.number().positive(), gold: z.number().positive() })
    .optional(),
  qualityThreshold: z.number().min(0).max(1).optional(),
  tables: z.record(name, tableShape),
  models: z.record(name, modelShape),
});

/** Every mistake that the definition alone shows, in the order of the definition. */
export function validateDefinition(definition: LakeDefinition): Problem[] {
  const shape = lakeShape.safeParse(definition);
  if (!shape.success) return shape.error.issues.map(problemOfIssue);
  const problems: Problem[] = [];
  const add = (path: string, problem: string) => problems.push({ path, problem });
  checkTenancy(definition, add);
  checkSourcesOnce(definition, add);
  for (const [tableName, table] of Object.entries(definition.tables)) {
    checkTable(`tables.${tableName}`, table, add);
  }
  for (const [modelName, model] of Object.entries(definition.models)) {
    if (definition.tables[modelName]) {
      add(`models.${modelName}`, "has the name of a table; expected a name of its own");
    }
    checkModel(`models.${modelName}`, model, definition, add);
  }
  return problems;
}

type Add = (path: string, problem: string) => void;

function problemOfIssue(issue: z.core.$ZodIssue): Problem {
  const path = issue.path.reduce<string>(
    (text, part) =>
      typeof part === "number"
        ? `${text}[${part}]`
        : text
          ? `${text}.${String(part)}`
          : String(part),
    "",
  );
  return { path: path || "definition", problem: issue.message };
}

function checkTenancy({ tenancy, tables }: LakeDefinition, add: Add): void {
  if (tenancy && !tables[tenancy.table]) {
    add("tenancy.table", `"${tenancy.table}" is no table of the lake; expected ${list(tables)}`);
  }
}

function checkSourcesOnce({ tables }: LakeDefinition, add: Add): void {
  const seen = new Map<string, string>();
  for (const [tableName, table] of Object.entries(tables)) {
    const source = `${table.sourceSchema ?? "public"}.${table.sourceTable ?? tableName}`;
    const other = seen.get(source);
    if (other) add(`tables.${tableName}`, `reads ${source}, which tables.${other} reads already`);
    seen.set(source, tableName);
  }
}

function checkTable(path: string, table: TableDefinition, add: Add): void {
  for (const [column, type] of Object.entries(table.columns)) {
    const result = sparkType(type);
    if ("problem" in result) add(`${path}.columns.${column}`, result.problem);
    if (column.startsWith("_"))
      add(`${path}.columns.${column}`, "names with a leading _ are the lake's own");
  }
  table.key.forEach((column, index) => {
    if (!(column in table.columns)) {
      add(
        `${path}.key[${index}]`,
        `"${column}" is no column of the table; expected ${list(table.columns)}`,
      );
    }
  });
}

function checkModel(path: string, model: ModelDefinition, lake: LakeDefinition, add: Add): void {
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

/** The names of a record, for "expected …". */
function list(record: object): string {
  return Object.keys(record).join(", ");
}
