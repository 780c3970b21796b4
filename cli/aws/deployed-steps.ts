import type { Steps } from "../../local/pipeline/results";
import { UserError } from "../../model/errors";
import type { DeployedLake } from "./deployed-lake";
import { Executions } from "./executions";
import { type JobAnswer, JobRequest } from "./job-request";
import { jobRuns } from "./job-runs";
import { poll } from "./poll";

/** Two days: what a run of AWS Glue may take at most by default. */
const LONGEST_WATCH_MS = 48 * 3_600_000;

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
 * The steps of a deployed lake with their arguments. The lake's job finds what it is asked in the
 * lake's own bucket: a run that watches if one is on, else a run for this; request and answer are
 * removed again.
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
      const answer = (await this.ofWatch(request)) ?? (await this.ofRun(request, after));
      if (answer.ok) return answer.result as T;
      throw new UserError(answer.error);
    } finally {
      await request.remove();
    }
  }

  /** The answer of a run that watches, which answers in each of its rounds; undefined without one. */
  private async ofWatch(request: JobRequest): Promise<JobAnswer | undefined> {
    const { values, clients } = this.deployed;
    const isWatched = async () => {
      const [newest] = await jobRuns(clients.glue(), values.job, 1);
      return newest?.state === "RUNNING" && newest.watches;
    };
    if (!(await isWatched())) return undefined;
    const ask = async () => {
      const answer = await request.answer();
      return { answer, isFinal: answer !== undefined || !(await isWatched()) };
    };
    const { answer } = await poll(ask, ({ isFinal }) => isFinal, {
      what: "the run that watches to answer",
      everyMs: 5_000,
      timeoutMs: LONGEST_WATCH_MS,
      signal: this.options.signal,
    });
    return answer;
  }

  /** The answer of a run of its own, which waits while another is at work. */
  private async ofRun(request: JobRequest, after: readonly string[]): Promise<JobAnswer> {
    const { values, clients } = this.deployed;
    const executions = new Executions(clients.sfn(), values.stateMachines);
    const arn = await executions.start([...after, "requests"]);
    const { status, cause } = await executions.untilEnded(arn, { signal: this.options.signal });
    const answer = await request.answer();
    if (answer) return answer;
    const why = cause === undefined ? "" : `: ${cause}`;
    throw new UserError(
      `the job did not answer: execution ${arn} is ${status.toLowerCase()}${why}; ./lake job status says more`,
    );
  }
}
