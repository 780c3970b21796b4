import { readFileSync } from "node:fs";

import { loadLake } from "../../../lakes/load";
import { LASTING } from "../../../model/aws/job-failure";
import { type Load, loadStates } from "../../../model/aws/load-states";
import {
  maintenanceDefinition,
  ONE_RUN,
  type Pipeline,
  pipelineDefinition,
  RUN_PER_LAYER,
} from "../../../model/aws/state-machine";
import { AnsweredError, type Call, evaluated, Walk } from "./run-states";

const { manifest } = loadLake("saas");
const TABLES = manifest.tables.map(({ source_schema, source_table }) => ({
  schema: source_schema,
  table: source_table,
}));
const NAMES = TABLES.map(({ schema, table }) => `${schema}.${table}`);
const LOAD: Load = {
  replication: { kind: "task", arn: "arn:task" },
  bucket: "bronze",
  epoch: "e0002",
  settleSeconds: 120,
};
const PIPELINE: Pipeline = {
  manifest,
  job: "saas-dev",
  topic: "arn:topic",
  runs: ONE_RUN,
  load: LOAD,
  crawlers: [],
  retries: 1,
  patienceMinutes: 360,
};
const CONTEXT = {
  Execution: { Id: "arn:execution", StartTime: "2026-11-21T05:17:04.123Z" },
  StateMachine: { Id: "arn:machine" },
};

/** One table's statistics, as DescribeTableStatistics gives them. */
function statistics(state: string, { schema, table }: (typeof TABLES)[number], rows = 10) {
  return {
    SchemaName: schema,
    TableName: table,
    FullLoadRows: rows,
    Inserts: 0,
    TableState: state,
    LastUpdateTime: "2026-11-21T05:00:00Z",
  };
}

const complete = TABLES.map((each) => statistics("Table completed", each));

/** What the services answer; DMS gives its answers in turn and repeats the last one. */
function services(tableStatistics: readonly unknown[], more: Record<string, unknown> = {}) {
  let asked = 0;
  return ({ state }: Call) => {
    if (state in more) return more[state];
    if (state === "Find other executions") return { Executions: [] };
    if (state === "Find finished load") return { KeyCount: 0 };
    if (state === "Find files of table") return { KeyCount: 1 };
    if (state === "Ask DMS for its tables") {
      return tableStatistics[Math.min(asked++, tableStatistics.length - 1)];
    }
    return {};
  };
}

function run(answer: (call: Call) => unknown, pipeline: Partial<Pipeline> = {}) {
  return new Walk(CONTEXT, answer).run(pipelineDefinition({ ...PIPELINE, ...pipeline }));
}

test("a load that DMS calls complete is marked table by table, with its rows", async () => {
  const { path, calls, variables } = await run(services([{ TableStatistics: complete }]));
  expect(path).toEqual([
    "Find other executions",
    "Another waits?",
    "Find finished load",
    "Load finished?",
    "Ask DMS for its tables",
    "All loaded?",
    "Wait for changes made meanwhile",
    "Find load files",
    "Files of this epoch?",
    "Mark tables",
    "All of them?",
    "Remember finished load",
    "Silver and gold",
  ]);
  expect(variables).toMatchObject({
    loaded: NAMES,
    broken: [],
    rows: Object.fromEntries(NAMES.map((name) => [name, 10])),
  });
  const marked = calls.filter(({ state }) => state === "Mark table");
  expect(marked.map((call) => call.arguments)).toEqual(
    TABLES.map(({ schema, table }) => ({
      Bucket: "bronze",
      Key: `e0002/${schema}/${table}/_LOAD_COMPLETE`,
      Body: { rows: 10 },
      ContentType: "application/json",
    })),
  );
});

test("a load that was finished before is not asked for again", async () => {
  const { path } = await run(services([], { "Find finished load": { KeyCount: 1 } }));
  expect(path).not.toContain("Ask DMS for its tables");
  expect(path.at(-1)).toBe("Silver and gold");
});

test("while tables load, tables are created once and DMS is asked until all are complete", async () => {
  const loading = [statistics("Full load", TABLES[0]!), ...complete.slice(1)];
  const before = TABLES.map((each) => statistics("Before load", each, 0));
  const { path, variables } = await run(
    services([
      { TableStatistics: before },
      { TableStatistics: loading },
      { TableStatistics: complete },
    ]),
  );
  expect(path.filter((name) => name === "Create tables")).toHaveLength(1);
  expect(path.filter((name) => name === "Ask DMS for its tables")).toHaveLength(3);
  expect(variables.polls).toBe(2);
  expect(path.at(-1)).toBe("Silver and gold");
});

test.each([
  ["no statistics yet", { TableStatistics: [] }],
  ["an answer without statistics", {}],
  ["one table of all", { TableStatistics: [complete[0]] }],
])("%s: it is waited for", async (_, answer) => {
  const { path } = await run(services([answer, { TableStatistics: complete }]));
  expect(path.slice(5, 9)).toEqual([
    "All loaded?",
    "Create tables",
    "Wait for load",
    "Go on waiting?",
  ]);
  expect(path.at(-1)).toBe("Silver and gold");
});

test("a load is waited for until the polls are over", async () => {
  const load = loadStates(manifest, LOAD, {
    topic: "arn:topic",
    whileLoading: "Wait for load",
    next: "Done",
  });
  const machine = {
    StartAt: "Ask DMS for its tables",
    States: { ...load, Done: { Type: "Pass" } },
  };
  const answer = services([{ TableStatistics: [] }]);
  const { path } = await new Walk(CONTEXT, answer).run(machine, {}, { polls: 1439 });
  expect(path).toEqual([
    "Ask DMS for its tables",
    "All loaded?",
    "Wait for load",
    "Go on waiting?",
    "Left to the next run",
  ]);
});

test("a task that was never started is not waited for: tables are made, and the next run asks", async () => {
  const never = new AnsweredError("DatabaseMigration.InvalidResourceStateException");
  const { path } = await run(services([never]));
  expect(path.slice(4)).toEqual([
    "Ask DMS for its tables",
    "All loaded?",
    "Create tables",
    "Wait for load",
    "Go on waiting?",
    "Left to the next run",
  ]);
});

test("a table that DMS gave up is told of by its name, and the others go on", async () => {
  const failed = [complete[0], statistics("Table error", TABLES[1]!), ...complete.slice(2)];
  const { path, calls } = await run(services([{ TableStatistics: failed }]));
  expect(path.slice(-4)).toEqual([
    "Mark tables",
    "All of them?",
    "Tell of broken tables",
    "Silver and gold",
  ]);
  expect(calls.filter(({ state }) => state === "Mark table")).toHaveLength(TABLES.length - 1);
  const { arguments: message } = calls.find(({ state }) => state === "Tell of broken tables")!;
  expect(message).toEqual({
    TopicArn: "arn:topic",
    Subject: "Lake saas: tables are not loaded",
    Message: `DMS could not load ${NAMES[1]}; the other tables go on`,
  });
});

test("where DMS gave up every table, the execution fails and names them", async () => {
  const failed = TABLES.map((each) => statistics("Table error", each));
  const { path, calls } = await run(services([{ TableStatistics: failed }]));
  expect(path.slice(-3)).toEqual(["All loaded?", "Notify", "Failed"]);
  expect(calls.at(-1)!.arguments).toEqual({
    TopicArn: "arn:topic",
    Subject: "Lake saas: a run failed",
    Message: `arn:execution failed: LoadFailed: DMS could not load ${NAMES.join(", ")}`,
  });
});

test("a table that is none of the lake's may fail", async () => {
  const control = statistics("Table error", { schema: "lakewright", table: "heartbeat" });
  const { path } = await run(services([{ TableStatistics: [control, ...complete] }]));
  expect(path.at(-1)).toBe("Silver and gold");
});

test("statistics of the load before, whose files are elsewhere, are not taken for this one", async () => {
  let looked = 0;
  const answer = services([{ TableStatistics: complete }]);
  const { path } = await run((call) =>
    call.state === "Find files of table"
      ? { KeyCount: looked++ < TABLES.length ? 0 : 1 }
      : answer(call),
  );
  expect(path.filter((name) => name === "Find load files")).toHaveLength(2);
  expect(path.at(-1)).toBe("Silver and gold");
});

test("a table without rows has no load file, and is marked all the same", async () => {
  const empty = TABLES.map((each) => statistics("Table completed", each, 0));
  const { path } = await run(
    services([{ TableStatistics: empty }], { "Find files of table": { KeyCount: 0 } }),
  );
  expect(path.at(-1)).toBe("Silver and gold");
});

test("serverless replication is asked by its own operation", async () => {
  const replication = { kind: "serverless", arn: "arn:config" } as const;
  const { path, calls } = await run(services([{ ReplicationTableStatistics: complete }]), {
    load: { ...LOAD, replication },
  });
  expect(path.at(-1)).toBe("Silver and gold");
  expect(calls.find(({ state }) => state === "Ask DMS for its tables")!.arguments).toEqual({
    ReplicationConfigArn: "arn:config",
    MaxRecords: 500,
  });
});

test.each([
  [0, ["2026-11-21T05:17:04.123Z"]],
  [0, ["2026-11-21T05:17:04.123Z", "2026-11-21T05:18:00Z"]],
  [1, ["2026-11-21T05:17:04.123Z", "2026-11-21T05:00:00Z"]],
  [2, ["2026-11-21T05:17:04.123Z", "2026-11-21T05:00:00Z", "2026-11-21T04:00:00.5Z"]],
])("with %i executions begun earlier, the third leaves it to the second", async (ahead, starts) => {
  const Executions = starts.map((StartDate) => ({ StartDate, Status: "RUNNING" }));
  const { path, variables } = await run(
    services([{ TableStatistics: complete }], { "Find other executions": { Executions } }),
  );
  expect(variables.ahead).toBe(ahead);
  expect(path.includes("Left to the one that waits")).toBe(ahead > 1);
});

/** What a run of the job ends with, in the words of Step Functions. */
function failedRun(message: string): AnsweredError {
  const run = { JobRunState: "FAILED", Attempt: 0, ErrorMessage: message };
  return new AnsweredError("States.TaskFailed", JSON.stringify(run));
}

const FINISHED_LOAD = { "Find finished load": { KeyCount: 1 } };
const LOST_WORKER = failedRun("Error Category: RESOURCE_ERROR; executor lost");
const BROKEN_GATE = failedRun(
  "Error Category: UNCLASSIFIED_ERROR; RunFailed: Another run would fail in the same way: step gate",
);

/** Executes the pipeline with these ends of the job's runs, then with success. */
function jobEnds(ends: readonly unknown[], pipeline: Partial<Pipeline> = {}) {
  const left = [...ends];
  const answer = services([], FINISHED_LOAD);
  return run((asked) => {
    return ["Silver and gold", "Silver", "Gold"].includes(asked.state)
      ? (left.shift() ?? {})
      : answer(asked);
  }, pipeline);
}

test("a run that failed is repeated, and told of with its own error if it fails again", async () => {
  const mended = await jobEnds([LOST_WORKER]);
  const once = ["Silver and gold", "Silver and gold: again?", "Silver and gold: pause"];
  expect(mended.path.slice(4)).toEqual([...once, "Silver and gold"]);
  const { path, calls } = await jobEnds([LOST_WORKER, LOST_WORKER]);
  expect(path.slice(4)).toEqual([...once, ...once.slice(0, 2), "Notify", "Failed"]);
  expect(calls.at(-1)!.arguments).toMatchObject({
    Message: `arn:execution failed: States.TaskFailed: ${LOST_WORKER.Cause}`,
  });
});

test("each run of the job is repeated for itself", async () => {
  const { path } = await jobEnds([LOST_WORKER, {}, LOST_WORKER, {}], { runs: RUN_PER_LAYER });
  const runs = path.filter((name) => ["Silver", "Gold"].includes(name));
  expect(runs).toEqual(["Silver", "Silver", "Gold", "Gold"]);
  expect(path.at(-1)).toBe("Gold");
});

test.each([
  ["that would fail in the same way again", [BROKEN_GATE], {}, "Silver and gold: again?"],
  ["where none is to be repeated", [LOST_WORKER], { retries: 0 }, "Silver and gold"],
  [
    "whose start was tried for hours",
    [new AnsweredError("Glue.ConcurrentRunsExceededException")],
    {},
    "Silver and gold",
  ],
])("a run %s is not repeated", async (_, ends, pipeline, last) => {
  const { path } = await jobEnds(ends, pipeline);
  expect(path.slice(-3)).toEqual([last, "Notify", "Failed"]);
});

test("what the job says of a run that is not worth repeating is what the state machine looks for", () => {
  const errors = readFileSync("glue-scripts/lakewright/errors.py", "utf8");
  expect(errors).toContain(`LASTING = ${JSON.stringify(LASTING)}`);
});

test("maintenance runs the steps of its input, when it is repeated as well", async () => {
  const ends = [LOST_WORKER, {}];
  const walk = new Walk(CONTEXT, () => ends.shift());
  const { calls } = await walk.run(maintenanceDefinition(PIPELINE), { steps: "relist,gold" });
  const asked = {
    JobName: "saas-dev",
    Arguments: { "--mode": "once", "--steps": "relist,gold" },
  };
  expect(calls.map((call) => call.arguments)).toEqual([asked, asked]);
});

test.each([
  [
    "none",
    complete,
    ["Begin", "Maintain", "Ask DMS for broken tables", "Any broken?", "None broken"],
  ],
  [
    "one",
    [statistics("Table error", TABLES[0]!), ...complete.slice(1)],
    ["Begin", "Maintain", "Ask DMS for broken tables", "Any broken?", "Tell of broken tables"],
  ],
])("after maintenance, tables that DMS has given up are told of: %s", async (_, found, way) => {
  const machine = maintenanceDefinition(PIPELINE, LOAD.replication);
  const { path, calls } = await new Walk(CONTEXT, ({ state }) =>
    state === "Ask DMS for broken tables" ? { TableStatistics: found } : {},
  ).run(machine, { steps: "maintain" });
  expect(path).toEqual(way);
  const told = calls.filter(({ state }) => state === "Tell of broken tables");
  expect(told.map((call) => call.arguments)).toEqual(
    way.at(-1) === "None broken"
      ? []
      : [
          {
            TopicArn: "arn:topic",
            Subject: "Lake saas: tables are not replicated",
            Message: `DMS has given up ${NAMES[0]}; the other tables go on`,
          },
        ],
  );
});

test("an expression that gives nothing is an error, as in Step Functions", async () => {
  await expect(evaluated("{% $states.input.none %}", { input: {} }, {})).rejects.toThrow(
    "gives nothing",
  );
});
