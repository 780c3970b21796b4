import { lakeHome } from "../paths";
import { makeScratch } from "../process/scratch";
import { exportSnapshot } from "../replication/export-snapshot";
import type { OnProgress } from "../replication/progress";
import type { Source } from "../source/connection";
import type { OpenLake } from "./open";

/** How a silver table and its quarantine compare with the source, row by row. */
export interface TableVerification {
  readonly table: string;
  readonly ok: boolean;
  /** Rows that silver should have, by the source and the silver SQL, and those it has. */
  readonly expected: number;
  readonly actual: number;
  readonly quarantined_expected: number;
  readonly quarantined_actual: number;
  /** Keys, the first ones. */
  readonly missing: readonly unknown[];
  readonly extra: readonly unknown[];
  readonly different: readonly { readonly key: unknown; readonly columns: readonly string[] }[];
}

/**
 * Compares every silver table with its quarantine against the source as of now, by checksums of
 * whole rows. Changes that are on their way count as differences: run it on a lake at rest.
 */
export async function verifyLake(
  { lake, spark }: Pick<OpenLake, "lake" | "spark">,
  source: Source,
  options: { readonly signal: AbortSignal; readonly onProgress?: OnProgress },
): Promise<TableVerification[]> {
  const { root } = lakeHome(lake.definition.name);
  using scratch = await makeScratch(root, "verify");
  const { folder } = scratch;
  const snapshot = await exportSnapshot({ manifest: lake.manifest, source, folder, ...options });
  const { tables } = await spark.step<{ tables: TableVerification[] }>("verify", { snapshot });
  return tables;
}
