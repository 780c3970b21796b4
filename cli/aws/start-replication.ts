import { UserError } from "../../model/errors";

/** How DMS starts a replication: API reference, StartReplicationTask. */
export type StartType = "start-replication" | "resume-processing" | "reload-target";

/** A task or serverless replication, as far as starting it goes. */
export interface ReplicationState {
  /** As DMS names it, in lower case: `ready`, `running`, `stopped`. */
  readonly status: string;
  /** Whether it was ever started. */
  readonly hasRun: boolean;
  /** Percent of the full load that is done; undefined where DMS says nothing of it. */
  readonly loadPercent?: number | undefined;
  readonly loadFinished: boolean;
}

/** The folder in bronze that replication writes to. */
export interface Epoch {
  readonly bucket: string;
  /** `e0001` */
  readonly folder: string;
  /** Whether anything was written to it. */
  readonly hasFiles: boolean;
}

/** What DMS can be started from. `created` and `ready` come before a start, and after a change. */
const STARTABLE = ["created", "ready", "stopped", "failed"];

/** Whether it runs, or is about to. */
export function isRunning({ status }: Pick<ReplicationState, "status">): boolean {
  return ["running", "starting", "replication_starting"].includes(status);
}

/** Whether it can be started. */
export function isStartable({ status }: Pick<ReplicationState, "status">): boolean {
  return STARTABLE.includes(status);
}

/**
 * How to start what does not run: with a full load into a folder without files, else by going on.
 * The first start must be `start-replication` and no later one may be.
 * @param resume goes on with a load that broke off, which is refused otherwise
 * @throws UserError where going on, or loading, would mix what must not be mixed
 */
export function startType(
  state: ReplicationState,
  epoch: Epoch,
  { resume = false }: { readonly resume?: boolean } = {},
): StartType {
  requireStartable(state);
  if (!epoch.hasFiles) return state.hasRun ? "reload-target" : "start-replication";
  if (!state.hasRun) throw filesThere(epoch);
  const { loadFinished, loadPercent } = state;
  if (!loadFinished && loadPercent !== undefined && loadPercent < 100 && !resume) {
    throw new UserError(
      `the full load into ${epoch.folder} broke off at ${loadPercent} percent; DMS would load the tables that are missing again, over files of the first attempt. ${nextEpoch(epoch)}; or, where nothing was deleted in the source meanwhile, go on with --resume`,
    );
  }
  return "resume-processing";
}

/**
 * How to load all tables again.
 * @throws UserError while the folder has files: DMS numbers the files of each load from 1
 */
export function reloadType(state: ReplicationState, epoch: Epoch): StartType {
  if (epoch.hasFiles) throw filesThere(epoch);
  requireStartable(state);
  return state.hasRun ? "reload-target" : "start-replication";
}

function requireStartable(state: ReplicationState): void {
  if (isStartable(state)) return;
  throw new UserError(
    `replication is ${state.status}; wait until it runs or is stopped, and try again`,
  );
}

function filesThere(epoch: Epoch): UserError {
  return new UserError(
    `s3://${epoch.bucket}/${epoch.folder} has the files of a load already, and another one would overwrite some of them and leave the rest. ${nextEpoch(epoch)}`,
  );
}

function nextEpoch({ folder }: Epoch): string {
  const next = Number(folder.replace(/^e/, "")) + 1;
  return `Stop it (./lake dms stop), set replication.epoch to ${next} in the stack's settings, run pulumi up, then ./lake dms reload`;
}
