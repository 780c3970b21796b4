import {
  DescribeExecutionCommand,
  type ExecutionStatus,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  type SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";

import { JOB_STEPS } from "../../model/aws/job-steps";
import type { LakeValues } from "../../model/aws/outputs";
import { closestName } from "../../model/closest-name";
import { UserError } from "../../model/errors";
import { poll } from "./poll";

/** A day and the job's own longest time. */
const LONGEST_EXECUTION_MS = 36 * 3_600_000;
/** Events of an execution's history in which its state of now is found. */
const RECENT_EVENTS = 50;

/** What one execution of a state machine came to. */
export interface Execution {
  readonly arn: string;
  readonly status: ExecutionStatus;
  readonly started: Date;
  readonly ended?: Date | undefined;
  /** The state it is in, or ended in. */
  readonly state?: string | undefined;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

export interface ExecutionSummary extends Pick<Execution, "status" | "started" | "ended"> {
  readonly machine: "pipeline" | "maintenance";
  readonly name: string;
}

/** The state machines of one lake. */
export class Executions {
  constructor(
    private readonly client: SFNClient,
    private readonly machines: LakeValues["stateMachines"],
  ) {}

  /**
   * Starts a pass, or an execution of the steps named, which waits while the job is at work.
   * @returns its ARN
   */
  async start(steps?: readonly string[]): Promise<string> {
    const { pipeline, maintenance } = this.machines;
    const { executionArn } = await this.client.send(
      new StartExecutionCommand(
        steps
          ? { stateMachineArn: maintenance, input: JSON.stringify({ steps: steps.join(",") }) }
          : { stateMachineArn: pipeline, input: JSON.stringify({ trigger: "command" }) },
      ),
    );
    return executionArn as string;
  }

  async describe(arn: string): Promise<Execution> {
    const found = await this.client.send(new DescribeExecutionCommand({ executionArn: arn }));
    return {
      arn,
      status: found.status as ExecutionStatus,
      started: found.startDate as Date,
      ended: found.stopDate,
      state: await this.stateOf(arn),
      error: found.error,
      cause: found.cause,
    };
  }

  /** Waits for an execution's end. */
  async untilEnded(
    arn: string,
    {
      everyMs = 10_000,
      signal,
      onState,
    }: { everyMs?: number; signal?: AbortSignal; onState?: (execution: Execution) => void },
  ): Promise<Execution> {
    const ask = async () => {
      const execution = await this.describe(arn);
      onState?.(execution);
      return execution;
    };
    return poll(ask, ({ status }) => status !== "RUNNING", {
      what: "the execution to end",
      everyMs,
      timeoutMs: LONGEST_EXECUTION_MS,
      ...(signal ? { signal } : {}),
    });
  }

  /** The newest executions of both machines, newest first. */
  async newest(count: number): Promise<ExecutionSummary[]> {
    const found = await Promise.all(
      (["pipeline", "maintenance"] as const).map(async (machine) => {
        const { executions = [] } = await this.client.send(
          new ListExecutionsCommand({ stateMachineArn: this.machines[machine], maxResults: count }),
        );
        return executions.map((each) => ({
          machine,
          name: each.name as string,
          status: each.status as ExecutionStatus,
          started: each.startDate as Date,
          ended: each.stopDate,
        }));
      }),
    );
    return found.flat().sort((one, other) => other.started.getTime() - one.started.getTime());
  }

  /** The state that was entered last. */
  private async stateOf(arn: string): Promise<string | undefined> {
    const { events = [] } = await this.client.send(
      new GetExecutionHistoryCommand({
        executionArn: arn,
        reverseOrder: true,
        maxResults: RECENT_EVENTS,
        includeExecutionData: false,
      }),
    );
    return events.find(({ stateEnteredEventDetails }) => stateEnteredEventDetails)
      ?.stateEnteredEventDetails?.name;
  }
}

/**
 * Names of steps by comma.
 * @throws UserError for one that the job does not have
 */
export function parseSteps(text: string): string[] {
  const steps = text
    .split(",")
    .map((step) => step.trim())
    .filter(Boolean);
  const known = Object.keys(JOB_STEPS);
  for (const step of steps) {
    if (known.includes(step)) continue;
    const close = closestName(step, known);
    throw new UserError(
      `--steps: the job has no step "${step}"${close ? `; did you mean ${close}?` : ""} There are ${known.join(", ")}`,
    );
  }
  if (steps.length === 0) throw new UserError(`--steps names none; there are ${known.join(", ")}`);
  return steps;
}
