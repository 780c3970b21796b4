import { loadLake } from "../../lakes/load";
import { lakeHome } from "../../local/paths";
import type { TableVerification } from "../../local/pipeline/verify";
import { makeScratch } from "../../local/process/scratch";
import { exportSnapshot } from "../../local/replication/export-snapshot";
import type { Source } from "../../local/source/connection";
import type { DeployedLake } from "./deployed-lake";
import { DeployedSteps, type DeployedStepsOptions } from "./deployed-steps";

/**
 * Compares a deployed lake with its source as of now, row by row: the source's rows are uploaded,
 * the lake's job applies what bronze has and compares, and the rows are removed again. Changes that
 * replication has yet to deliver count as differences.
 * @throws UserError where the job fails
 */
export async function verifyDeployed(
  deployed: Pick<DeployedLake, "name" | "values" | "clients">,
  source: Source,
  options: DeployedStepsOptions,
): Promise<TableVerification[]> {
  const { name } = deployed;
  const { manifest } = loadLake(name);
  using scratch = await makeScratch(lakeHome(name).root, "verify");
  options.onStep("reading the source");
  const { folder } = scratch;
  const attach = await exportSnapshot({ manifest, source, folder, signal: options.signal });
  const { tables } = await new DeployedSteps(deployed, options).ask<{
    tables: TableVerification[];
  }>("verify", (snapshot) => ({ snapshot }), { after: ["silver"], attach });
  return tables;
}
