import type { Manifest } from "../manifest";
import { call, failureStates, jsonata, type State, type StateMachine, type States } from "./asl";
import { catchFailure, NONE_REPEATED, repetition } from "./job-failure";
import { type Load, LOAD_START, loadStates } from "./load-states";
import { BROKEN_START, brokenTableStates, type ReplicationRef } from "./table-statistics";

/** One run of the job. */
export interface Run {
  /** Name of its state. */
  readonly name: string;
  /** Steps by comma; undefined for a job that watches. */
  readonly steps?: string;
}

export interface Pipeline {
  readonly manifest: Manifest;
  /** Name of the Glue job. */
  readonly job: string;
  /** ARN of the topic that failures go to. */
  readonly topic: string;
  readonly runs: readonly Run[];
  /** How tables are loaded; absent where something else writes bronze and its markers. */
  readonly load?: Load;
  /** Names of crawlers to start at the end. */
  readonly crawlers: readonly string[];
  /** Runs that are added after one that failed and may succeed then. */
  readonly retries: number;
  /** Minutes that an execution waits for the job to be free. */
  readonly patienceMinutes: number;
}

/** Silver, its gate, and gold where it is due: one start of Spark for all. */
export const ONE_RUN: readonly Run[] = [
  {
    name: "Silver and gold",
    steps: "initialise,silver,quality.silver,gate,gold.due,quality.gold",
  },
];
/** The same with a run each, to be seen and repeated by itself; each starts Spark. */
export const RUN_PER_LAYER: readonly Run[] = [
  { name: "Silver", steps: "initialise,silver,quality.silver,gate" },
  { name: "Gold", steps: "gold.due,quality.gold" },
];
/** A job that watches does all by itself. */
export const WATCH: readonly Run[] = [{ name: "Watch" }];

/**
 * The state machine that brings a lake up to date: waits for a complete full load, runs the job,
 * starts crawlers. An execution that finds one at work and another waiting leaves it to that one.
 */
export function pipelineDefinition(pipeline: Pipeline): StateMachine {
  const { manifest, load, topic, runs } = pipeline;
  const first = runs[0]!.name;
  return {
    Comment: `Brings lake ${manifest.lake} up to date`,
    QueryLanguage: "JSONata",
    StartAt: "Find other executions",
    States: {
      ...queueStates(load ? LOAD_START : first),
      ...(load
        ? loadStates(manifest, load, { topic, whileLoading: "Create tables", next: first })
        : {}),
      ...(load
        ? jobStates("Create tables", pipeline, "initialise", { Next: "Wait for load" })
        : {}),
      ...runStates(pipeline),
      ...crawlerStates(pipeline.crawlers),
      ...failureStates(manifest.lake, topic),
    },
  };
}

/**
 * The state machine for work that no reader waits for. Its input names the steps: `{"steps":
 * "maintain"}`. Then it tells of tables that replication has given up since they were loaded.
 */
export function maintenanceDefinition(
  pipeline: Pick<Pipeline, "manifest" | "job" | "topic" | "retries" | "patienceMinutes">,
  replication?: ReplicationRef,
): StateMachine {
  const { manifest, topic } = pipeline;
  const end = replication ? { Next: BROKEN_START } : { End: true };
  return {
    Comment: `Maintains lake ${manifest.lake}`,
    QueryLanguage: "JSONata",
    StartAt: "Begin",
    States: {
      Begin: { Type: "Pass", Assign: NONE_REPEATED, Next: "Maintain" },
      ...jobStates("Maintain", pipeline, jsonata("$states.input.steps"), end),
      ...(replication ? brokenTableStates(manifest, replication, topic) : {}),
      ...failureStates(manifest.lake, topic),
    },
  };
}

/** Lets one execution work and one wait: what the one at work came too early for, that one does. */
function queueStates(next: string): States {
  const earlier = "$toMillis(StartDate) < $toMillis($states.context.Execution.StartTime)";
  return {
    "Find other executions": call(
      "aws-sdk:sfn:listExecutions",
      { StateMachineArn: jsonata("$states.context.StateMachine.Id"), StatusFilter: "RUNNING" },
      {
        Assign: {
          ahead: jsonata(`$count($states.result.Executions[${earlier}])`),
          polls: 0,
          ...NONE_REPEATED,
        },
        Output: {},
        Next: "Another waits?",
      },
    ),
    "Another waits?": {
      Type: "Choice",
      Choices: [{ Condition: jsonata("$ahead > 1"), Next: "Left to the one that waits" }],
      Default: next,
    },
    "Left to the one that waits": { Type: "Succeed" },
  };
}

function runStates(pipeline: Pipeline): States {
  const { runs, crawlers } = pipeline;
  const end: State = crawlers.length > 0 ? { Next: "Start crawlers" } : { End: true };
  const states = runs.map(({ name, steps }, index) => {
    const after = runs[index + 1];
    return jobStates(name, pipeline, steps, after ? { Next: after.name } : end);
  });
  return Object.assign({}, ...states) as States;
}

const JOB_IS_BUSY = "Glue.ConcurrentRunsExceededException";
const PASSING_ERRORS = [
  "Glue.InternalServiceException",
  "Glue.OperationTimeoutException",
  "Glue.ResourceNumberLimitExceededException",
];

/**
 * Runs the job to its end, patient while another run of it goes on. A run that fails is repeated
 * where that may help.
 */
function jobStates(
  name: string,
  { job, retries, patienceMinutes }: Pick<Pipeline, "job" | "retries" | "patienceMinutes">,
  steps: string | undefined,
  end: State,
): States {
  const run = {
    Type: "Task",
    Resource: "arn:aws:states:::glue:startJobRun.sync",
    Arguments: {
      JobName: job,
      Arguments: steps ? { "--mode": "once", "--steps": steps } : { "--mode": "watch" },
    },
    Retry: [
      {
        ErrorEquals: [JOB_IS_BUSY],
        IntervalSeconds: 60,
        MaxAttempts: patienceMinutes,
        BackoffRate: 1,
      },
      {
        ErrorEquals: PASSING_ERRORS,
        IntervalSeconds: 30,
        MaxAttempts: 5,
        BackoffRate: 2,
        JitterStrategy: "FULL",
      },
    ],
    ...catchFailure(name, { triedBefore: [JOB_IS_BUSY, ...PASSING_ERRORS], retries }),
    Output: {},
    ...end,
  };
  return { [name]: run, ...repetition(name, { retries }) };
}

/** Starts the crawlers without waiting for them; one that runs already is as good. */
function crawlerStates(crawlers: readonly string[]): States {
  if (crawlers.length === 0) return {};
  const { Catch: caught, ...start } = call(
    "aws-sdk:glue:startCrawler",
    { Name: jsonata("$states.input") },
    { Output: {}, End: true },
  );
  return {
    "Start crawlers": {
      Type: "Map",
      Items: crawlers,
      ItemProcessor: {
        ProcessorConfig: { Mode: "INLINE" },
        StartAt: "Start crawler",
        States: {
          "Start crawler": {
            ...start,
            // Of the retries, the first that names an error counts.
            Catch: [{ ErrorEquals: ["Glue.CrawlerRunningException"], Next: "Runs already" }],
            Retry: [
              { ErrorEquals: ["Glue.CrawlerRunningException"], MaxAttempts: 0 },
              ...(start.Retry as object[]),
            ],
          },
          "Runs already": { Type: "Succeed" },
        },
      },
      Catch: caught,
      Output: {},
      End: true,
    },
  };
}
