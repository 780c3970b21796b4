import { randomBytes } from "node:crypto";

import { loadLake } from "../../lakes/load";
import { lakeHome } from "../../local/paths";
import type { TableVerification } from "../../local/pipeline/verify";
import { makeScratch } from "../../local/process/scratch";
import { exportSnapshot } from "../../local/replication/export-snapshot";
import type { Source } from "../../local/source/connection";
import { UserError } from "../../model/errors";
import type { DeployedLake } from "./deployed-lake";
import { Executions } from "./executions";
import { SnapshotUpload } from "./snapshot-upload";

export interface VerifyDeployedOptions {
  readonly signal: AbortSignal;
  readonly onStep: (step: string) => void;
}

/**
 * Compares a deployed lake with its source as of now, row by row: the source's rows are uploaded,
 * the lake's job applies what bronze has and compares, and the rows are removed again. Changes that
 * replication has yet to deliver count as differences.
 * @throws UserError where the job fails
 */
export async function verifyDeployed(
  { name, values, clients }: Pick<DeployedLake, "name" | "values" | "clients">,
  source: Source,
  { signal, onStep }: VerifyDeployedOptions,
): Promise<TableVerification[]> {
  const { manifest } = loadLake(name);
  using scratch = await makeScratch(lakeHome(name).root, "verify");
  onStep("reading the source");
  const snapshot = await exportSnapshot({ manifest, source, folder: scratch.folder, signal });
  const upload = new SnapshotUpload(clients.s3(), values.locations.ops, uploadName());
  try {
    onStep("uploading its rows");
    await upload.put(snapshot, signal);
    onStep("waiting for the job, which applies what is new and compares");
    return await compare(upload, new Executions(clients.sfn(), values.stateMachines), signal);
  } finally {
    await upload.remove();
  }
}

async function compare(
  upload: SnapshotUpload,
  executions: Executions,
  signal: AbortSignal,
): Promise<TableVerification[]> {
  const arn = await executions.start(["silver", "verify"]);
  const { status, cause } = await executions.untilEnded(arn, { signal });
  const result = await upload.result();
  if (result !== undefined) return (JSON.parse(result) as { tables: TableVerification[] }).tables;
  throw new UserError(
    `the job did not compare: execution ${arn} is ${status.toLowerCase()}${cause ? `: ${cause}` : ""}; ./lake job status says more`,
  );
}

/** Sorts by time, and differs from another started in the same moment. */
function uploadName(): string {
  return `${new Date().toISOString().replace(/[:.]/g, "")}-${randomBytes(4).toString("hex")}`;
}
