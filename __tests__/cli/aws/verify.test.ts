import { loadLake } from "../../../lakes/load";
import { deployedCli } from "./deployed-cli";
import { deployedValues, outputsFile } from "./deployed-values";
import { seededSource } from "./seeded-source";

const { aws, lake } = deployedCli();

jest.setTimeout(120_000);

const url = seededSource();
const verify = () => ["verify", "--source", url()];

const comparison = {
  table: "core_tenant",
  ok: false,
  expected: 1,
  actual: 1,
  quarantined_expected: 1,
  quarantined_actual: 0,
  missing: [],
  extra: [],
  different: [{ key: "2", columns: ["name"] }],
};

/** State machines whose execution ends so; `job` does what the job would do in it. */
function machines(status: string, job: () => void = () => undefined) {
  return {
    GetJobRuns: () => ({ JobRuns: [] }),
    StartExecution: () => (job(), { executionArn: "arn:run" }),
    DescribeExecution: () => ({ executionArn: "arn:run", status, startDate: 1_790_000_000 }),
    GetExecutionHistory: () => ({ events: [] }),
  };
}

/** Folder of the snapshot that waits for the job. */
function uploaded(): string {
  const [key] = [...aws.objects.keys()].filter((each) => each.endsWith("/request.json"));
  return (key as string).replace(/\/request\.json$/, "");
}

test("the job compares with the source's rows, which are gone afterwards", async () => {
  let folder = "";
  let keys: string[] = [];
  let request = "";
  aws.reset(
    machines("SUCCEEDED", () => {
      folder = uploaded();
      keys = [...aws.objects.keys()];
      request = aws.objects.get(`${folder}/request.json`)!;
      const answer = { ok: true, result: { tables: [comparison] } };
      aws.objects.set(`${folder}/result.json`, JSON.stringify(answer));
    }),
  );
  const output = await lake(verify());
  expect(aws.inputs("StartExecution")[0]).toMatchObject({ input: '{"steps":"silver,requests"}' });
  expect(folder).toMatch(/^saas-ops\/ops\/requests\/\d{4}-\d\d-\d\dT\d+Z-[0-9a-f]{8}$/);
  for (const { source_table: table } of loadLake("saas").manifest.tables) {
    expect(keys).toContainEqual(expect.stringContaining(`${folder}/attached/public/${table}/`));
  }
  expect(JSON.parse(request)).toEqual({
    step: "verify",
    args: { snapshot: `s3://${folder}/attached` },
  });
  expect(output).toMatch(/core_tenant +DIFFERENT +2 +1 +0/);
  expect(output).toContain('core_tenant: different: {"key":"2","columns":["name"]}');
  expect(process.exitCode).toBe(1);
  expect([...aws.objects]).toEqual([]);
});

test("in a bucket that holds more, the rows are uploaded beside the bookkeeping", async () => {
  let folder = "";
  aws.reset(machines("FAILED", () => (folder = uploaded())));
  const locations = { ...deployedValues().locations, ops: "s3://saas-data/ops" };
  await expect(lake(verify(), outputsFile({ locations }))).rejects.toThrow("did not answer");
  expect(folder).toMatch(/^saas-data\/ops\/ops\/requests\//);
  expect([...aws.objects]).toEqual([]);
});

test("a job that fails before it answers is told of, and the rows are gone as well", async () => {
  aws.reset(machines("FAILED"));
  await expect(lake(verify())).rejects.toThrow(
    "the job did not answer: execution arn:run is failed; ./lake job status says more",
  );
  expect([...aws.objects]).toEqual([]);
});

test("the source must be named: the embedded one is no deployed lake's", async () => {
  aws.reset({});
  await expect(lake("verify")).rejects.toThrow("Give --source or set LAKEWRIGHT_SOURCE");
});
