import { z } from "zod";

import type {
  LakeDefinition,
  ModelDefinition,
  TableDefinition,
  Tenancy,
  Zones,
} from "./definition";
import { sparkType } from "./source-types";

/** A mistake in a definition: where it is and what was expected. */
export interface Problem {
  /** Path in the definition, such as `tables.core_order.key[0]`. */
  readonly path: string;
  readonly problem: string;
}

const NAME = /^[a-z][a-z0-9_]*$/;
const NAME_EXPECTED = "expected a lower-case name of letters, digits and _, starting with a letter";

/** Begun with `_` or `.`, all that is in it would be held back. */
const DROP_FOLDER = /^[a-zA-Z\d-][\w.-]*$/;
const DROP_FOLDER_EXPECTED =
  "expected the name of a folder, of letters, digits, -, _ and ., begun with neither _ nor .";

/** AWS DMS User Guide, "Target metadata task settings": LobMaxSize is at most 102,400 KB (100 MB). */
const MAX_LOB_KB = 102_400;

const name = z.string().regex(NAME, NAME_EXPECTED);
const sensitivity = z.enum(["internal", "personal", "secret"]);
const readers = z.array(sensitivity).optional();
const format = z.enum(["hudi", "delta"]);

const columnType = z.string().superRefine((type, context) => {
  const result = sparkType(type);
  if ("problem" in result) context.addIssue(result.problem);
});

const qualityRule = z.strictObject({
  dqdl: z.string().min(1),
  severity: z.enum(["warn", "stop"]),
});

/** Spark passes over folders that begin with `_` or `.`, and takes `=` for a partition. */
const FOLDER = "[a-z0-9][a-z0-9_.-]*";
const folder = z
  .string()
  .regex(
    new RegExp(`^${FOLDER}(/${FOLDER})*$`),
    "expected folders of lower-case letters, digits, _, . and -, with / between them",
  );
const tablesFolder = z
  .string()
  .regex(
    new RegExp(`^${FOLDER}(/${FOLDER})*(/\\{format\\})?$`),
    "expected folders of lower-case letters, digits, _, . and -, with / between them; {format} may be the last one",
  );

const tableShape = z.strictObject({
  description: z.string().min(1, "expected one sentence"),
  sourceSchema: z.string().min(1).optional(),
  sourceTable: z.string().min(1).optional(),
  key: z.array(z.string()).min(1, "expected at least one key column"),
  columns: z.record(name, columnType),
  files: z
    .strictObject({
      folder: z.string().regex(DROP_FOLDER, DROP_FOLDER_EXPECTED).optional(),
      delimiter: z.string().length(1, "expected one character").optional(),
      headers: z.record(name, z.string().min(1)).optional(),
      precedence: z.enum(["database", "files"]).optional(),
    })
    .optional(),
  format: format.optional(),
  partitionBy: z.array(name).optional(),
  buckets: z.int().min(1).max(4096).optional(),
  tenantColumn: name.nullable().optional(),
  deletes: z.enum(["hard", "soft"]).optional(),
  evolution: z.enum(["additive", "strict"]).optional(),
  rules: z
    .record(name, z.strictObject({ check: z.string().min(1), reason: z.string().min(1) }))
    .optional(),
  quality: z.array(z.union([z.string().min(1), qualityRule])).optional(),
  sensitivity: z.record(name, sensitivity).optional(),
});

const modelShape = z.strictObject({
  description: z.string().min(1, "expected one sentence"),
  grain: z.array(name).min(1, "expected the columns that identify a row"),
  refreshBy: z.union([z.array(name).min(1), z.literal("rebuild")], {
    error: 'expected columns of the result, or "rebuild"',
  }),
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
    bronze: z.enum(["parquet", "csv"]).optional(),
  }),
  format: format.optional(),
  zones: z
    .strictObject({
      database: folder.optional(),
      files: folder.optional(),
      silver: tablesFolder.optional(),
      gold: tablesFolder.optional(),
    })
    .optional(),
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

/** The settings of a definition that have the right shape: what its further checks read. */
export interface WellFormed {
  /** Null also where the definition's is of a wrong shape. */
  readonly tenancy: Tenancy | null;
  readonly zones?: Zones;
  readonly tables: Readonly<Record<string, Partial<TableDefinition>>>;
  readonly models: Readonly<Record<string, Partial<ModelDefinition>>>;
}

/** Settings of the wrong shape, and the rest, unless it cannot be told what the tables and models are. */
export function checkShape(definition: LakeDefinition): {
  problems: Problem[];
  rest: WellFormed | undefined;
} {
  const shape = lakeShape.safeParse(definition);
  const issues = shape.error?.issues ?? [];
  return { problems: issues.map(problemOfIssue), rest: wellFormed(definition, issues) };
}

function wellFormed(
  definition: LakeDefinition,
  issues: readonly z.core.$ZodIssue[],
): WellFormed | undefined {
  // What is unknown stands beside what is known, and a column of no known type is a column; any
  // other issue spoils the setting it is in.
  const spoilt = new Set(
    issues
      .filter(({ code }) => code !== "unrecognized_keys" && code !== "custom")
      .map(({ path }) => pathText(path.slice(0, path[0] === "tenancy" ? 1 : 3))),
  );
  if (["definition", "tables", "models"].some((path) => spoilt.has(path))) return undefined;
  const settings = <T extends object>(path: string, relation: T): Partial<T> =>
    spoilt.has(path) ? {} : withoutKeys(relation, (key) => spoilt.has(`${path}.${key}`));
  const relations = <T extends object>(path: string, all: Readonly<Record<string, T>>) =>
    Object.fromEntries(
      Object.entries(all).map(([key, relation]) => [key, settings(`${path}.${key}`, relation)]),
    );
  return {
    tenancy: spoilt.has("tenancy") ? null : definition.tenancy,
    zones: settings("zones", definition.zones ?? {}),
    tables: relations("tables", definition.tables),
    models: relations("models", definition.models),
  };
}

function withoutKeys<T extends object>(value: T, isLeftOut: (key: string) => boolean): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !isLeftOut(key))) as Partial<T>;
}

function problemOfIssue(issue: z.core.$ZodIssue): Problem {
  const reason = issue.code === "invalid_key" ? issue.issues[0] : issue;
  return { path: pathText(issue.path), problem: (reason ?? issue).message };
}

function pathText(path: readonly PropertyKey[]): string {
  const text = path.reduce<string>(
    (text, part) =>
      typeof part === "number"
        ? `${text}[${part}]`
        : text
          ? `${text}.${String(part)}`
          : String(part),
    "",
  );
  return text || "definition";
}
