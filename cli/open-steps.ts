import { loadLake } from "../lakes/load";
import type { Steps } from "../local/pipeline/results";
import type { Lake } from "../model/lake";
import { isDeployed, type StackFlags } from "./aws/stack-options";

/** A lake that answers steps, until it is disposed of. */
export interface OpenSteps extends AsyncDisposable {
  readonly lake: Lake;
  readonly spark: Steps;
  /** Has readers find what steps have changed. */
  publish(): Promise<void>;
}

/**
 * Opens a lake for single steps: the one on this machine, or the one that a stack has deployed,
 * whose job answers (a run that watches, else a run of it each, which waits while another is at
 * work).
 * @param access `write` holds the local lake's writer lock; `read` goes beside a writer
 * @throws UserError for a stack that has no such lake
 */
export async function openSteps(flags: StackFlags, access: "read" | "write"): Promise<OpenSteps> {
  if (isDeployed(flags)) return openDeployedSteps(flags);
  const { openLake } = await import("../local/pipeline/open");
  const open = await openLake(flags.lake, access);
  return {
    lake: open.lake,
    spark: open.spark,
    publish: () => open.pipeline.publish(),
    [Symbol.asyncDispose]: () => open[Symbol.asyncDispose](),
  };
}

async function openDeployedSteps(flags: StackFlags): Promise<OpenSteps> {
  const { openDeployedLake } = await import("./aws/deployed-lake");
  const { DeployedSteps } = await import("./aws/deployed-steps");
  const { interruption } = await import("./interrupt");
  const spark = new DeployedSteps(await openDeployedLake(flags), {
    signal: interruption(),
    onStep: (step) => console.error(`${step} …`),
  });
  return {
    lake: loadLake(flags.lake),
    spark,
    // The job keeps its catalog up itself.
    publish: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}
