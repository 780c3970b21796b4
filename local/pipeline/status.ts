import { rejectedLinesOf } from "../../model/dropped-files";
import type { Manifest, ManifestTable } from "../../model/manifest";
import { quoteIdentifier, quoteRelation } from "../../model/sql-quoting";
import type { ReplicationStatus } from "../replication/status";
import type { Journal } from "./journal";

/** How one table stands, from source to silver. */
export interface TableStatus {
  readonly table: string;
  readonly epoch: number | null;
  /** Why its changes are no longer replicated, until a reload. */
  readonly stopped: string | null;
  readonly sourceRows: number | null;
  readonly silverRows: number | null;
  /** Those of them that came in files; null where the table has no files. */
  readonly fileRows: number | null;
  /** Rows, and lines of files that are no rows. */
  readonly quarantinedRows: number | null;
  /** Commit time at the source of the newest change applied. */
  readonly newestApplied: string | null;
  /** Seconds by which the newest change applied is older than the newest in bronze; null before a load is applied. */
  readonly lagSeconds: number | null;
  /** Why the last step over the table failed; null when it did not. */
  readonly error: string | null;
}

/** Rows and newest change of a silver table with its companion, as SQL gives them. */
export interface SilverFacts {
  readonly table: string;
  readonly silverRows: number;
  readonly fileRows: number | null;
  readonly quarantinedRows: number;
  readonly newestApplied: Date | null;
}

/**
 * SQL (Trino's) for the facts of silver tables, one row each: table, rows, rows of files,
 * quarantined, newest change of the database (epoch ms).
 */
export function silverFactsSql(tables: readonly Pick<ManifestTable, "name" | "files">[]): string {
  return tables
    .map(({ name, files }) => {
      const silver = quoteRelation("silver", name);
      const quarantine = quoteRelation("quarantine", name);
      const quarantined = `(SELECT count(*) FROM ${quarantine} WHERE state = 'quarantined')`;
      const rejected = `(SELECT count(*) FROM ${quoteRelation("quarantine", rejectedLinesOf(name))})`;
      // what a file was last changed at says nothing of how far the database's changes have come
      const ofDatabase = files ? " WHERE _lw_file IS NULL" : "";
      return `SELECT '${name}' AS name,
  (SELECT count(*) FROM ${silver}) AS silver_rows,
  ${files ? `(SELECT count(_lw_file) FROM ${silver})` : "CAST(NULL AS bigint)"} AS file_rows,
  ${quarantined}${files ? ` + ${rejected}` : ""} AS quarantined_rows,
  (SELECT CAST(to_unixtime(max(newest)) * 1000 AS bigint) FROM (
    SELECT max(_lw_committed_at) AS newest FROM ${silver}${ofDatabase}
    UNION ALL SELECT max(_lw_committed_at) FROM ${quarantine}${ofDatabase})) AS newest_ms`;
    })
    .join("\nUNION ALL\n");
}

/** SQL (PostgreSQL's) for the rows of tables in the source: table, rows. */
export function sourceRowsSql(tables: readonly ManifestTable[]): string {
  return tables
    .map(
      ({ name, source_schema, source_table }) =>
        `SELECT '${name}' AS name, count(*)::float8 AS rows ` +
        `FROM ${quoteIdentifier(source_schema)}.${quoteIdentifier(source_table)}`,
    )
    .join(" UNION ALL ");
}

/** Joins what source, replication and silver say about each table. */
export function tableStatuses(
  manifest: Manifest,
  sourceRows: ReadonlyMap<string, number>,
  replication: ReplicationStatus | undefined,
  silver: readonly SilverFacts[],
  journal: Pick<Journal, "of">,
): TableStatus[] {
  return manifest.tables.map(({ name }) => {
    const replicated = replication?.tables.find(({ table }) => table === name);
    const facts = silver.find(({ table }) => table === name);
    return {
      table: name,
      epoch: replicated?.epoch ?? null,
      stopped: replicated?.stopped ?? null,
      sourceRows: sourceRows.get(name) ?? null,
      silverRows: facts?.silverRows ?? null,
      fileRows: facts?.fileRows ?? null,
      quarantinedRows: facts?.quarantinedRows ?? null,
      newestApplied: facts?.newestApplied?.toISOString() ?? null,
      lagSeconds: lagSeconds(replicated?.newestCommitAt, facts?.newestApplied),
      error: journal.of(`silver.${name}`).error ?? null,
    };
  });
}

/** The gold models whose last refresh failed, and why. */
export function failedModels(
  manifest: Manifest,
  journal: Pick<Journal, "of">,
): { readonly model: string; readonly error: string }[] {
  return manifest.models.flatMap(({ name }) => {
    const { error } = journal.of(`gold.${name}`);
    return error ? [{ model: name, error }] : [];
  });
}

function lagSeconds(inBronze: Date | undefined, applied: Date | null | undefined): number | null {
  if (!applied) return null;
  if (!inBronze) return 0;
  return Math.max(0, Math.round((inBronze.getTime() - applied.getTime()) / 100) / 10);
}
