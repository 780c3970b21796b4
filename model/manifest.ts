import { z } from "zod";

/**
 * The manifest: one JSON document per lake, the only contract between TypeScript and Python
 * (glue-scripts/lakewright/manifest.py reads it). Names are snake_case, as Python has them.
 */

const column = z.strictObject({
  name: z.string(),
  /** Spark SQL type: `bigint`, `decimal(12,2)`, `timestamp`, `array<string>`. */
  type: z.string(),
});

const qualityRule = z.strictObject({
  /** In DQDL. */
  dqdl: z.string(),
  severity: z.enum(["warn", "stop"]),
});

const files = z.strictObject({
  /** Folder below the root of the files. */
  folder: z.string(),
  delimiter: z.string(),
  /** Column by header; what is not here goes by the column's name. */
  headers: z.record(z.string(), z.string()),
  /** Whose row stands where the database and a file both have a key. */
  precedence: z.enum(["database", "files"]),
});

const table = z.strictObject({
  name: z.string(),
  description: z.string(),
  source_schema: z.string(),
  source_table: z.string(),
  key: z.array(z.string()).min(1),
  /** Declared source columns with the Spark types that bronze has them in. */
  source_columns: z.array(column).min(1),
  /** CSV files whose rows belong to the table too; null for none. */
  files: files.nullable(),
  /** `SELECT … FROM <name>`: one raw row in, one silver row out. */
  sql: z.string(),
  format: z.enum(["hudi", "delta"]),
  partition_by: z.array(z.string()),
  buckets: z.int().positive(),
  tenant_column: z.string().nullable(),
  deletes: z.enum(["hard", "soft"]),
  evolution: z.enum(["additive", "strict"]),
  rules: z.array(z.strictObject({ name: z.string(), check: z.string(), reason: z.string() })),
  quality: z.array(qualityRule),
  /** Columns of the SQL's result as Spark's analyzer types them; empty until compiled. */
  columns: z.array(column),
});

const model = z.strictObject({
  name: z.string(),
  description: z.string(),
  sql: z.string(),
  /** `silver.<table>` and `gold.<model>` that the SQL reads. */
  inputs: z.array(z.string()).min(1),
  grain: z.array(z.string()).min(1),
  /** Columns that name a group of rows recomputed together; empty: always the whole model. */
  refresh_by: z.array(z.string()),
  /** Input to the SQL that gives the groups touched by the view `changes`. */
  touched: z.record(z.string(), z.string()),
  /** Whether the SQL reads the parameter `:today`. */
  uses_today: z.boolean(),
  format: z.enum(["hudi", "delta"]),
  partition_by: z.array(z.string()),
  tenant_column: z.string().nullable(),
  quality: z.array(qualityRule),
  columns: z.array(column),
});

export const manifestSchema = z.strictObject({
  version: z.literal(1),
  lake: z.string(),
  history_days: z.int().positive(),
  listing_days: z.int().positive(),
  quality_threshold: z.number().min(0).max(1),
  /** Share of silver's rules that must pass for gold to follow; null: only those that stop. */
  gate_threshold: z.number().min(0).max(1).nullable(),
  /** KB after which bronze has large values (text, json, xml, bytea) cut; 0: never. */
  max_lob_kb: z.int().min(0),
  /** What replication writes; files of both forms are read. */
  bronze_format: z.enum(["parquet", "csv"]),
  tenancy: z.strictObject({ column: z.string(), table: z.string() }).nullable(),
  /** Control tables in the source: never lake tables. */
  control: z.strictObject({ schema: z.string(), truncations: z.string(), heartbeat: z.string() }),
  tables: z.array(table),
  /** In an order in which each model comes after the models it reads. */
  models: z.array(model),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type ManifestTable = z.infer<typeof table>;
export type ManifestModel = z.infer<typeof model>;
export type ManifestColumn = z.infer<typeof column>;

/** The control schema and tables that `./lake source sql` installs in a source database. */
export const CONTROL = {
  schema: "lakewright",
  truncations: "truncation",
  heartbeat: "heartbeat",
} as const;

/**
 * The manifest's JSON schema: glue-scripts/lakewright/manifest.schema.json, which
 * `npm run manifest-schema` writes, is this one.
 */
export function manifestJsonSchema(): unknown {
  return z.toJSONSchema(manifestSchema);
}
