/**
 * The vocabulary of a lake definition: what a person writes in `lakes/<name>/lake.ts`.
 * Everything else (manifest, catalog, row filters, DMS mappings, cost) is derived from it.
 */
import type { BronzeFormat } from "./bronze-format";
import type { QualityRule } from "./quality-rules";

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

/** CSV files whose rows belong to a table beside those of its database table. */
export interface FilesDefinition {
  /** Folder of the files, below the place where they are dropped. @default the table's name */
  readonly folder?: string;
  /** @default "," */
  readonly delimiter?: string;
  /** Header in the files by column, where it is not the column's name. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Whose row stands where the database and a file both have a key: neither's clock says anything of
   * the other's. A key that the higher one ever had, deleted since or not, is not given to the other.
   * @default "database"
   */
  readonly precedence?: "database" | "files";
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
  /** CSV files whose rows belong to the table too, each file read once. @default none */
  readonly files?: FilesDefinition;
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
  /**
   * DQDL rules over the silver table: `IsComplete "email"`, or as quality-rules.ts writes them.
   * Evaluated when it changed; those that `stop`, on what a batch would make of it, before it is
   * committed. @default none
   */
  readonly quality?: readonly (string | QualityRule)[];
  /** Silver columns that not everybody may read. @default every column is `internal` */
  readonly sensitivity?: Readonly<Record<string, Sensitivity>>;
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
  /**
   * What replication writes into bronze: Parquet, or gzipped CSV with headers, whose values are text
   * that the declared types are read from. Files of both are read, whatever is written now.
   * @default "parquet"
   */
  readonly bronze?: BronzeFormat;
}

/**
 * Folders of a lake's data, `raw/database` style: in the lake's folder on the laptop, on AWS in a
 * bucket for each content or in one (setting `storage.buckets`). None lies in another. What is
 * stored does not move with them: silver and gold are built again where the folders are new, from
 * bronze, which has to be loaded again where its own is.
 */
export interface Zones {
  /** What replication writes. @default "bronze", on AWS all of the bucket of bronze */
  readonly database?: string;
  /** Dropped files. @default "files", on AWS in the bucket of bronze */
  readonly files?: string;
  /**
   * The tables; `{format}` at the end stands for that of each, `hudi` or `delta`.
   * @default "silver", on AWS all of the bucket of silver
   */
  readonly silver?: string;
  /** The models, as `silver` has the tables. @default "gold", on AWS all of the bucket of gold */
  readonly gold?: string;
}

export interface LakeDefinition {
  /** Lower-case name; folder under lakes/ and sql/. */
  readonly name: string;
  readonly description: string;
  readonly source: SourceDefinition;
  /** @default "hudi" */
  readonly format?: TableFormat;
  /** @default a folder for each content, on AWS a bucket */
  readonly zones?: Zones;
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
  /**
   * Share of valid rows and of passed rules below which the lake raises an alarm; where it is
   * given, gold is not made from silver either while less of silver's rules pass.
   * @default 0.99 for alarms; gold waits for rules that stop alone
   */
  readonly qualityThreshold?: number;
  readonly tables: Readonly<Record<string, TableDefinition>>;
  readonly models: Readonly<Record<string, ModelDefinition>>;
}
