import type { Steps } from "../../local/pipeline/results";
import { UserError } from "../../model/errors";
import type { DeployedLake } from "./deployed-lake";
import { Executions } from "./executions";
import { JobRequest } from "./job-request";

export interface DeployedStepsOptions {
  readonly signal: AbortSignal;
  /** Told what is being done. */
  readonly onStep: (step: string) => void;
}

/** How one step of a deployed lake's job is asked for. */
export interface Asking {
  /** Steps that the job runs before it answers. */
  readonly after?: readonly string[];
  /** Folder whose files are uploaded beside the request. */
  readonly attach?: string;
}

/**
 * The steps of a deployed lake with their arguments. Each is a run of the lake's job, which finds
 * what it is asked in the lake's own bucket; request and answer are removed again.
 */
export class DeployedSteps implements Steps {
  constructor(
    private readonly deployed: Pick<DeployedLake, "values" | "clients">,
    private readonly options: DeployedStepsOptions,
  ) {}

  step<T>(name: string, args: Readonly<Record<string, unknown>> = {}): Promise<T> {
    return this.ask(name, () => args);
  }

  /**
   * @param args of the step, given the `s3://` address of what was uploaded
   * @throws UserError where the step or the job fails
   */
  async ask<T>(
    name: string,
    args: (attached: string) => object,
    { after = [], attach }: Asking = {},
  ): Promise<T> {
    const { values, clients } = this.deployed;
    const { signal, onStep } = this.options;
    const request = new JobRequest(clients.s3(), values.locations.ops);
    try {
      if (attach !== undefined) onStep("uploading the rows");
      const attached = attach === undefined ? "" : await request.attach(attach, signal);
      await request.ask(name, args(attached), signal);
      onStep(`waiting for the job's step ${name}`);
      const executions = new Executions(clients.sfn(), values.stateMachines);
      const arn = await executions.start([...after, "requests"]);
      const { status, cause } = await executions.untilEnded(arn, { signal });
      const answer = await request.answer();
      if (answer?.ok) return answer.result as T;
      if (answer) throw new UserError(answer.error);
      const why = cause === undefined ? "" : `: ${cause}`;
      throw new UserError(
        `the job did not answer: execution ${arn} is ${status.toLowerCase()}${why}; ./lake job status says more`,
      );
    } finally {
      await request.remove();
    }
  }
}
