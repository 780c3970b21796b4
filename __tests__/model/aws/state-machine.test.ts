import { loadLake } from "../../../lakes/load";
import type { State, States } from "../../../model/aws/asl";
import { maintenanceStatements, pipelineStatements } from "../../../model/aws/orchestration-rights";
import {
  maintenanceDefinition,
  ONE_RUN,
  type Pipeline,
  pipelineDefinition,
  RUN_PER_LAYER,
  WATCH,
} from "../../../model/aws/state-machine";

const { manifest } = loadLake("saas");
const PIPELINE: Pipeline = {
  manifest,
  job: "saas-dev",
  topic: "arn:topic",
  runs: ONE_RUN,
  load: {
    replication: { kind: "task", arn: "arn:task" },
    bucket: "bronze",
    epoch: "e0001",
    settleSeconds: 120,
  },
  crawlers: ["saas-dev-bronze"],
  retries: 1,
  patienceMinutes: 360,
};

/** Every state that a state leads to. */
function following(state: State): string[] {
  const choices = (state.Choices ?? []) as { Next: string }[];
  const caught = (state.Catch ?? []) as { Next: string }[];
  const next = [state.Next, state.Default, ...[...choices, ...caught].map(({ Next }) => Next)];
  return next.filter((name): name is string => typeof name === "string");
}

/** The states within a map, with where they begin. */
function inner(state: State): { StartAt: string; States: States }[] {
  return state.Type === "Map" ? [state.ItemProcessor as { StartAt: string; States: States }] : [];
}

/** What is wrong with how the states hang together. */
function flaws({ StartAt, States }: { StartAt: string; States: States }): string[] {
  const reached = new Set<string>();
  const visit = (name: string): void => {
    if (reached.has(name) || !States[name]) return;
    reached.add(name);
    following(States[name]).forEach(visit);
  };
  visit(StartAt);
  return [
    ...Object.keys(States)
      .filter((name) => !reached.has(name))
      .map((name) => `${name} is not reached`),
    ...Object.entries(States).flatMap(([name, state]) => [
      ...following(state)
        .filter((next) => !States[next])
        .map((next) => `${name} leads to ${next}, which is not there`),
      ...(following(state).length > 0 ||
      state.End ||
      ["Succeed", "Fail"].includes(state.Type as string)
        ? []
        : [`${name} leads nowhere`]),
      ...(state.Type === "Task" && !state.Retry ? [`${name} is not tried again`] : []),
      ...inner(state).flatMap(flaws),
    ]),
  ];
}

test.each<[string, Partial<Pipeline>]>([
  ["everything", {}],
  [
    "serverless replication",
    { load: { ...PIPELINE.load!, replication: { kind: "serverless", arn: "a" } } },
  ],
  ["no load", { load: undefined }],
  ["no crawlers", { crawlers: [] }],
  ["no repetition", { retries: 0 }],
  ["a run per layer", { runs: RUN_PER_LAYER }],
  ["a watch alone", { runs: WATCH, load: undefined, crawlers: [] }],
])("with %s every state is reached and leads somewhere", (_, more) => {
  expect(flaws(pipelineDefinition({ ...PIPELINE, ...more }))).toEqual([]);
});

test("the check above finds what it is for", () => {
  const States = { A: { Type: "Pass", Next: "C" }, B: { Type: "Task", End: true } };
  expect(flaws({ StartAt: "A", States })).toEqual([
    "B is not reached",
    "A leads to C, which is not there",
    "B is not tried again",
  ]);
});

test("every task that fails for good is told of, and the execution fails with its error", () => {
  const { States } = pipelineDefinition(PIPELINE);
  const tasks = Object.entries(States).filter(
    ([name, { Type }]) => ["Task", "Map"].includes(Type as string) && name !== "Notify",
  );
  for (const [, { Catch: caught }] of tasks) {
    expect(caught).toContainEqual({
      ErrorEquals: ["States.ALL"],
      Assign: { failure: "{% $states.errorOutput %}" },
      Next: "Notify",
    });
  }
  expect(States.Notify).toMatchObject({ Arguments: { TopicArn: "arn:topic" }, Next: "Failed" });
  expect(States.Failed).toMatchObject({ Type: "Fail", Error: "{% $failure.Error %}" });
});

test("silver's rules are judged before gold, in one run or between two", () => {
  const jobs = (runs: Pipeline["runs"]) =>
    Object.values(pipelineDefinition({ ...PIPELINE, load: undefined, runs }).States)
      .filter(({ Resource }) => Resource === "arn:aws:states:::glue:startJobRun.sync")
      .map(({ Arguments }) => Arguments);
  expect(jobs(ONE_RUN)).toEqual([
    {
      JobName: "saas-dev",
      Arguments: {
        "--mode": "once",
        "--steps": "initialise,silver,quality.silver,gate,gold.due,quality.gold",
      },
    },
  ]);
  expect(jobs(RUN_PER_LAYER)).toEqual(
    ["initialise,silver,quality.silver,gate", "gold.due,quality.gold"].map((steps) => ({
      JobName: "saas-dev",
      Arguments: { "--mode": "once", "--steps": steps },
    })),
  );
  expect(jobs(WATCH)).toEqual([{ JobName: "saas-dev", Arguments: { "--mode": "watch" } }]);
});

test("an execution waits while the job runs", () => {
  const { Retry } = pipelineDefinition(PIPELINE).States["Silver and gold"]!;
  expect((Retry as object[])[0]).toEqual({
    ErrorEquals: ["Glue.ConcurrentRunsExceededException"],
    IntervalSeconds: 60,
    MaxAttempts: 360,
    BackoffRate: 1,
  });
});

test("one execution works, one waits, and those after them leave it to that one", () => {
  const { StartAt, States } = pipelineDefinition(PIPELINE);
  expect(States[StartAt]).toMatchObject({
    Resource: "arn:aws:states:::aws-sdk:sfn:listExecutions",
    Arguments: { StatusFilter: "RUNNING" },
    Next: "Another waits?",
  });
  expect(States["Another waits?"]).toMatchObject({
    Choices: [{ Condition: "{% $ahead > 1 %}", Next: "Left to the one that waits" }],
    Default: "Find finished load",
  });
});

test("markers are written into the epoch, after its load has settled", () => {
  const { States } = pipelineDefinition(PIPELINE);
  expect(States["Ask DMS for its tables"]).toMatchObject({
    Resource: "arn:aws:states:::aws-sdk:databasemigration:describeTableStatistics",
    Arguments: { ReplicationTaskArn: "arn:task", MaxRecords: 500 },
  });
  expect(States["Wait for changes made meanwhile"]).toMatchObject({
    Seconds: 120,
    Next: "Find load files",
  });
  expect(inner(States["Mark tables"]!)[0]!.States["Mark table"]).toMatchObject({
    Resource: "arn:aws:states:::aws-sdk:s3:putObject",
    Arguments: { Bucket: "bronze", Key: "{% $states.input.folder & '/_LOAD_COMPLETE' %}" },
  });
});

test("a load is found finished until tables are added to the lake", () => {
  const key = (tables: typeof manifest.tables) => {
    const { States } = pipelineDefinition({ ...PIPELINE, manifest: { ...manifest, tables } });
    const found = States["Find finished load"]!.Arguments as { Prefix: string };
    const kept = States["Remember finished load"]!.Arguments as { Key: string };
    expect(kept.Key).toBe(found.Prefix);
    return found.Prefix;
  };
  expect(key(manifest.tables)).toMatch(/^e0001\/_LOAD_COMPLETE-\w{12}$/);
  expect(key([...manifest.tables].reverse())).toBe(key(manifest.tables));
  expect(key(manifest.tables.slice(1))).not.toBe(key(manifest.tables));
});

test("the tables of serverless replication are asked of its configuration", () => {
  const load = {
    ...PIPELINE.load!,
    replication: { kind: "serverless", arn: "arn:config" } as const,
  };
  const { States } = pipelineDefinition({ ...PIPELINE, load });
  expect(States["Ask DMS for its tables"]).toMatchObject({
    Resource: "arn:aws:states:::aws-sdk:databasemigration:describeReplicationTableStatistics",
    Arguments: { ReplicationConfigArn: "arn:config" },
  });
});

test("more tables than DMS tells of at once are the user's mistake", () => {
  const tables = Array.from({ length: 501 }, () => manifest.tables[0]!);
  expect(() => pipelineDefinition({ ...PIPELINE, manifest: { ...manifest, tables } })).toThrow(
    "has 501 tables; DMS tells of 500 at once",
  );
});

test("maintenance runs the steps of its input", () => {
  const definition = maintenanceDefinition(PIPELINE);
  expect(flaws(definition)).toEqual([]);
  expect(definition.States.Maintain!.Arguments).toEqual({
    JobName: "saas-dev",
    Arguments: { "--mode": "once", "--steps": "{% $states.input.steps %}" },
  });
  expect(flaws(maintenanceDefinition(PIPELINE, PIPELINE.load!.replication))).toEqual([]);
});

const RIGHTS = {
  job: "arn:job",
  topic: "arn:topic",
  stateMachine: "arn:machine",
  mapRuns: "arn:map-runs",
  crawlers: ["arn:crawler"],
  replication: { kind: "task", arn: "arn:task" },
  load: {
    bucket: "arn:bronze",
    epoch: "e0001",
    bucketKey: "arn:key",
  },
} as const;

test("the state machine writes nothing but markers, and asks for no more than it needs", () => {
  const rights = Object.fromEntries(
    pipelineStatements(RIGHTS).map(({ Sid, Resource }) => [Sid, Resource]),
  );
  expect(rights).toEqual({
    RunJob: "arn:job",
    Notify: "arn:topic",
    AskReplication: "arn:task",
    DeliverLogs: "*",
    FindExecutions: ["arn:machine", "arn:map-runs"],
    StartCrawlers: ["arn:crawler"],
    FindLoadFiles: "arn:bronze",
    WriteMarkers: ["arn:bronze/e0001/_LOAD_COMPLETE-*", "arn:bronze/e0001/*/_LOAD_COMPLETE"],
    UseBucketKey: "arn:key",
  });
});

test("what a lake does not have, its state machine has no rights on", () => {
  const sids = (statements: readonly { Sid: string }[]) => statements.map(({ Sid }) => Sid);
  const small = {
    ...RIGHTS,
    crawlers: [],
    replication: undefined,
    load: undefined,
    topicKey: "arn:topic-key",
  };
  const base = ["RunJob", "Notify", "UseTopicKey", "DeliverLogs"];
  expect(sids(pipelineStatements(small))).toEqual([...base, "FindExecutions"]);
  expect(sids(maintenanceStatements(small))).toEqual(base);
});
