/**
 * The vocabulary of a lake definition: what a person writes in `lakes/<name>/lake.ts`.
 * Everything else (manifest, catalog, row filters, DMS mappings, cost) is derived from it.
 */

/** A column's type as PostgreSQL writes it: `bigint`, `varchar(40)`, `numeric(12,2)`, `timestamptz`, `jsonb`. */
export type SourceType = string;

/** Who may read a column: `internal` everybody with access to the table, the others by `readers`. */
export type Sensitivity = "internal" | "personal" | "secret";

/** Open table formats that silver and gold can be written in. */
export type TableFormat = "hudi" | "delta";

/** A row-level rule: a row for which `check` is not true is kept out of silver and goes to quarantine. */
export interface RowRule {
  /** Spark SQL condition over the table's silver columns; null counts as not true. */
  readonly check: string;
  /** What is wrong with a row that breaks the rule, for whoever looks at quarantine. */
  readonly reason: string;
}

export interface TableDefinition {
  /** One sentence: what a row is. */
  readonly description: string;
  /** Schema of the table in the source. @default "public" */
  readonly sourceSchema?: string;
  /** Name of the table in the source. @default the table's name in the lake */
  readonly sourceTable?: string;
  /** Primary key columns; the silver SQL returns them under the same names. */
  readonly key: readonly string[];
  /** Source columns that the lake replicates, by their names in lower case, with their types. */
  readonly columns: Readonly<Record<string, SourceType>>;
  /** @default the lake's format */
  readonly format?: TableFormat;
  /** Silver columns that partition storage; never the tenant, for paths are visible. @default none */
  readonly partitionBy?: readonly string[];
  /** Hudi buckets per partition; about 50,000 rows a bucket keep micro-batches quick. @default 1 */
  readonly buckets?: number;
  /** Silver column that holds the tenant, `null` for a table that every tenant may read. @default the tenancy's column */
  readonly tenantColumn?: string | null;
  /** What a delete at the source does: `hard` removes the row, `soft` keeps it with `_lw_deleted` true. @default "hard" */
  readonly deletes?: "hard" | "soft";
  /** `additive`: columns that appear in the source flow through; `strict`: they are ignored. @default "additive" */
  readonly evolution?: "additive" | "strict";
  /** Row-level rules by name. */
  readonly rules?: Readonly<Record<string, RowRule>>;
  /** DQDL rules over the silver table, evaluated when it changed: `IsComplete "email"`. */
  readonly quality?: readonly string[];
  /** Silver columns that not everybody may read. @default every column is `internal` */
  readonly sensitivity?: Readonly<Record<string, Sensitivity>>;
  /** CSV files whose rows also belong to the table. Each file is consumed once. */
  readonly files?: {
    /** Folder below the drops. @default the table's name */
    readonly folder?: string;
    /** @default "," */
    readonly delimiter?: string;
    /** Header in the files by column, where it is not the column's name. */
    readonly headers?: Readonly<Record<string, string>>;
    /** Whose row stands where database and files both have a key. @default "database" */
    readonly precedence?: "database" | "files";
  };
}

export interface ModelDefinition {
  /** One sentence: what a row is. */
  readonly description: string;
  /** Columns that identify a row. */
  readonly grain: readonly string[];
  /**
   * Columns of the result whose values name the groups that are recomputed together,
   * or `rebuild` for a model that is always recomputed whole.
   */
  readonly refreshBy: readonly string[] | "rebuild";
  /**
   * Per input, the SQL that names the groups which changed rows touch. It reads the view `changes`
   * (rows before and after) and, where it must join, the inputs themselves.
   * @default `SELECT DISTINCT <refreshBy> FROM changes`
   */
  readonly touched?: Readonly<Record<string, string>>;
  /** @default the lake's format */
  readonly format?: TableFormat;
  /** @default none */
  readonly partitionBy?: readonly string[];
  /** Column that holds the tenant, `null` for a model that every tenant may read. @default the tenancy's column */
  readonly tenantColumn?: string | null;
  /** DQDL rules over the model. */
  readonly quality?: readonly string[];
  /** @default every column is `internal` */
  readonly sensitivity?: Readonly<Record<string, Sensitivity>>;
}

export interface Tenancy {
  /** Column that holds the tenant's id in silver and gold. */
  readonly column: string;
  /** Table of the lake that lists the tenants; its key is the tenant's id. */
  readonly table: string;
}

/** Which sensitivities a kind of reader may see. */
export interface Readers {
  /** Analysts of one tenant. @default ["internal"] */
  readonly tenant?: readonly Sensitivity[];
  /** Analysts across tenants. @default ["internal"] */
  readonly analyst?: readonly Sensitivity[];
}

/** The database that is replicated. */
export interface SourceDefinition {
  readonly engine: "postgres";
  readonly database: string;
  /**
   * KB (1024 characters, or bytes of a bytea) after which text, json, xml and bytea values are cut,
   * as the limited LOB mode of DMS does. It counts for what is replicated from then on: a reload
   * cuts what is there. @default values are never cut
   */
  readonly maxLobKb?: number;
}

export interface LakeDefinition {
  /** Lower-case name; folder under lakes/ and sql/. */
  readonly name: string;
  readonly description: string;
  readonly source: SourceDefinition;
  /** @default "hudi" */
  readonly format?: TableFormat;
  /** `null` for a lake of one owner. */
  readonly tenancy: Tenancy | null;
  readonly readers?: Readers;
  /** Days that older versions of silver and gold stay readable (time travel). @default 7 */
  readonly historyDays?: number;
  /** Days of bronze date folders that are listed for new or late files. @default 3 */
  readonly listingDays?: number;
  /**
   * Wanted freshness, in minutes, of silver and of gold. On AWS, replication must be stopped when
   * silver's changes.
   * @default { silver: 60, gold: 60 }
   */
  readonly freshnessMinutes?: { readonly silver: number; readonly gold: number };
  /** Share of valid rows and of passed rules below which the lake raises an alarm. @default 0.99 */
  readonly qualityThreshold?: number;
  readonly tables: Readonly<Record<string, TableDefinition>>;
  readonly models: Readonly<Record<string, ModelDefinition>>;
}
