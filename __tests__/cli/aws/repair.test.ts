import { readFileSync } from "node:fs";

import { deployedCli } from "./deployed-cli";

const { aws, lake } = deployedCli();

/** Steps that the deployed job answers. */
const answered = /^ANSWERED = \((.*)\)$/m.exec(
  readFileSync("glue-scripts/lakewright/requests.py", "utf8"),
)![1]!;

/** Requests that the job has answered. */
let asked: { step: string; args: Record<string, unknown> }[];

/** The newest run of the job. */
const watching = (state: string) => ({
  JobRuns: [{ JobRunState: state, Arguments: { "--mode": "watch" } }],
});

/**
 * A lake whose job answers so, by step; only what the real one answers.
 * @param runs the newest run of the job, each time that it is asked for, which may answer too
 */
function job(
  answers: Record<string, object>,
  runs: (answer: () => void, count: number) => object = () => ({ JobRuns: [] }),
): void {
  asked = [];
  const answer = () => {
    const [file, text] = [...aws.objects].find(([key]) => key.endsWith("/request.json"))!;
    const request = JSON.parse(text) as (typeof asked)[number];
    asked.push(request);
    expect(answered.split(", ")).toContain(JSON.stringify(request.step));
    aws.objects.set(
      file.replace("request.json", "result.json"),
      JSON.stringify(answers[request.step]),
    );
  };
  aws.reset({
    GetJobRuns: (_, count) => runs(answer, count),
    StartExecution: () => (answer(), { executionArn: "arn:run" }),
    DescribeExecution: () => ({
      executionArn: "arn:run",
      status: "SUCCEEDED",
      startDate: 1_790_000_000,
    }),
    GetExecutionHistory: () => ({ events: [] }),
  });
}

const ok = (result: object) => ({ ok: true, result });
const DIFF = ok({ from: "5", to: "3", added: 1, changed: 2, removed: 0, rows: [] });

afterEach(() => {
  // Nothing of a request stays behind, whatever became of it.
  expect([...aws.objects]).toEqual([]);
});

test("a rollback is compared by the job, asked for, and done by the job", async () => {
  job({ diff: DIFF, rollback: ok({ version: "6" }) });
  const printed = await lake("rollback core_order --to 3 --yes");
  expect(asked).toEqual([
    { step: "diff", args: { table: "silver.core_order", to: "3", limit: 5 } },
    { step: "rollback", args: { table: "core_order", to: "3" } },
  ]);
  expect(aws.inputs("StartExecution")).toMatchObject([
    { input: '{"steps":"requests"}' },
    { input: '{"steps":"requests"}' },
  ]);
  expect(printed).toContain("silver.core_order from 5 to 3: 1 rows added, 2 changed, 0 removed");
  expect(printed).toContain("silver.core_order is at version 6, with the rows of 3, and held");
});

test("without --yes nothing is rolled back where nobody can be asked", async () => {
  job({ diff: DIFF });
  await expect(lake("rollback core_order --to 3")).rejects.toThrow("add --yes");
  expect(asked.map(({ step }) => step)).toEqual(["diff"]);
});

test("resume, history, verdicts and a query of the past are answered by the job as well", async () => {
  const commit = {
    version: "3",
    at: "2026-11-21T00:00:00+00:00",
    operation: "WRITE",
    full: false,
    accounting: { applied: 2 },
  };
  const past = { columns: [{ name: "n", type: "bigint" }], rows: [[7]], truncated: false };
  job({
    resume: ok({ from: "5", to: "3" }),
    history: ok({ commits: [commit] }),
    standing: ok({ rules: [] }),
    query: ok(past),
  });
  expect(await lake("resume core_order --from rollback")).toContain("goes on from 3");
  expect(await lake("history core_order")).toMatch(/3 +WRITE +2 applied/);
  await lake("quality");
  const query = ["query", "SELECT count(*) AS n FROM silver.core_order", "--at", "2026-11-21"];
  expect(await lake([...query, "--json"])).toContain('"n": 7');
  expect(asked).toEqual([
    { step: "resume", args: { table: "core_order", how: "replay" } },
    { step: "history", args: { table: "silver.core_order" } },
    { step: "standing", args: {} },
    {
      step: "query",
      args: { sql: query[1], at: "2026-11-21T00:00:00.000Z", limit: 100_000 },
    },
  ]);
});

test("rules are judged anew by the job, whether their tables changed or not", async () => {
  job({ quality: ok({ rules: [] }), standing: ok({ rules: [] }) });
  await lake("quality --evaluate");
  await lake("quality --evaluate --table core_order");
  const judged = asked.filter(({ step }) => step === "quality").map(({ args }) => args);
  expect(judged).toEqual([
    { only_changed: false },
    { tables: ["core_order"], only_changed: false },
  ]);
});

test("a run that watches answers, without a run of its own", async () => {
  job({ history: ok({ commits: [] }) }, (answer) => (answer(), watching("RUNNING")));
  await lake("history core_order");
  expect(asked).toEqual([{ step: "history", args: { table: "silver.core_order" } }]);
  expect(aws.inputs("StartExecution")).toEqual([]);
});

test("a run answers where the one that watched ended before it did", async () => {
  job({ history: ok({ commits: [] }) }, (_, count) =>
    watching(count === 1 ? "RUNNING" : "SUCCEEDED"),
  );
  await lake("history core_order");
  expect(asked).toHaveLength(1);
  expect(aws.inputs("StartExecution")).toHaveLength(1);
});

test("what the job refuses is told in its words", async () => {
  job({ history: { ok: false, error: "there is no table silver.x", kind: "user" } });
  await expect(lake("history silver.x")).rejects.toThrow("there is no table silver.x");
});
