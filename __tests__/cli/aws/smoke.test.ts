import { openDeployedLake } from "../../../cli/aws/deployed-lake";
import { smoke as sendChanges } from "../../../cli/aws/smoke";
import { loadLake } from "../../../lakes/load";
import { startTestServer, type TestServer } from "../../postgres-server";
import { deployedCli } from "./deployed-cli";
import { outputsFile } from "./deployed-values";
import type { Answer } from "./fake-aws";
import { lakeFormationAnswers } from "./lake-formation-answers";

const { aws, lake } = deployedCli();

jest.setTimeout(60_000);

const { tables } = loadLake("saas").manifest;
const TEAM = "saas-dev";
const TENANT = "saas-dev-tenant-3";

let server: TestServer;
let smoke: string[];

beforeAll(async () => {
  server = await startTestServer();
  const client = await server.connect();
  for (const { source_table: table, key } of tables) {
    await client.query(
      `CREATE TABLE ${table} (${key.map((column) => `"${column}" bigint`).join()}, PRIMARY KEY (${key.join()}))`,
    );
    await client.query(`INSERT INTO ${table} VALUES (${key.map(() => "7").join()})`);
  }
  await client.end();
  const { user, host, port, password } = server.source().config;
  process.env.PGPASSWORD = String(password);
  const url = `postgres://${user}@${host}:${port}/postgres?sslmode=require`;
  smoke = ["smoke", "--source", url, "--minutes", "1"];
});
afterAll(async () => {
  delete process.env.PGPASSWORD;
  await server.stop();
});

type Rows = (string | number)[][];

/** Athena, which answers a workgroup's SQL with rows or refuses it. */
function athena(answer: (sql: string, workgroup: string) => Rows | "refused") {
  const asked = new Map<string, Rows | "refused">();
  const rowsOf = (input: Record<string, unknown>) => asked.get(String(input.QueryExecutionId))!;
  return {
    AssumeRole: () => ({
      Credentials: { AccessKeyId: "a", SecretAccessKey: "b", SessionToken: "c" },
    }),
    StartQueryExecution: ({ QueryString, WorkGroup }: Record<string, unknown>): Answer => {
      const QueryExecutionId = String(asked.size);
      asked.set(QueryExecutionId, answer(String(QueryString), String(WorkGroup)));
      return { QueryExecutionId };
    },
    GetQueryExecution: (input: Record<string, unknown>): Answer => ({
      QueryExecution: {
        Status:
          rowsOf(input) === "refused"
            ? { State: "FAILED", StateChangeReason: "Insufficient Lake Formation permission(s)" }
            : { State: "SUCCEEDED" },
      },
    }),
    GetQueryResults: (input: Record<string, unknown>): Answer => {
      const rows = rowsOf(input) as Rows;
      return {
        ResultSet: {
          ResultSetMetadata: {
            ColumnInfo: (rows[0] ?? []).map((value, index) => ({
              Name: `c${index}`,
              Type: typeof value === "number" ? "bigint" : "varchar",
            })),
          },
          Rows: rows.map((row) => ({ Data: row.map((value) => ({ VarCharValue: `${value}` })) })),
        },
      };
    },
  };
}

interface World {
  /** Passes after which silver shows the changes. */
  readonly passes?: number;
  /** Rows of tenant 4 that tenant 3 sees. */
  readonly foreign?: number;
  readonly replication?: string;
  readonly bronzeIsOpen?: boolean;
}

/** A deployed lake as it must be, but for what is given. */
function deployed({ passes = 1, foreign = 0, replication = "running", bronzeIsOpen }: World = {}) {
  let passed = 0;
  return {
    ...lakeFormationAnswers(),
    ...athena((sql, workgroup) => {
      if (sql.includes("ORDER BY random()"))
        return [
          sql
            .split(" FROM ")[0]!
            .split(",")
            .map(() => 7),
        ];
      if (sql.includes("_lw_committed_at")) return [[passed >= passes ? 0 : 1]];
      if (sql.includes("_bronze")) return workgroup === TEAM || bronzeIsOpen ? [[1]] : "refused";
      const own = ["silver.core_order", "3", 5];
      return workgroup === TENANT && foreign === 0
        ? [own]
        : [own, ["silver.core_order", "4", workgroup === TENANT ? foreign : 9]];
    }),
    DescribeReplicationTasks: () => ({
      ReplicationTasks: [{ Status: replication, TargetEndpointArn: "arn:target" }],
    }),
    DescribeEndpoints: () => ({
      Endpoints: [{ S3Settings: { BucketName: "saas-bronze", BucketFolder: "e0001" } }],
    }),
    StartExecution: () => (passed++, { executionArn: "arn:run" }),
    DescribeExecution: () => ({ status: "SUCCEEDED", startDate: 1_790_000_000 }),
    GetExecutionHistory: () => ({ events: [] }),
  };
}

test("a lake that works passes every try, with a change of every table seen", async () => {
  aws.reset(deployed());
  const output = await lake(smoke);
  expect(output.match(/^✔/gm)).toHaveLength(5);
  expect(output).toMatch(/^✔ a change of every table gets to silver: 8 tables, \d+ s/m);
  expect(output).toContain("each tenant sees its rows and no others: 1 tenants");
  expect(process.exitCode).toBeUndefined();
});

test("a foreign row, an open bronze and a grant too many are each told of", async () => {
  aws.reset({
    ...deployed({ foreign: 2, bronzeIsOpen: true }),
    ...lakeFormationAnswers({ permissions: () => [] }),
  });
  const output = await lake(smoke);
  expect(output).toMatch(/^✘ grants and filters are as defined: \d+ differences/m);
  expect(output).toContain("tenant_3 sees 2 rows of tenant 4 in silver.core_order");
  expect(output).toMatch(/^✘ tenants are refused bronze: tenant_3 may run SELECT 1/m);
  expect(process.exitCode).toBe(1);
});

test("without replication no change is made, and what to do is said", async () => {
  aws.reset(deployed({ replication: "stopped" }));
  const output = await lake(smoke);
  expect(output).toContain("✘ replication runs: it is stopped; ./lake dms start --stack dev");
  expect(output).not.toContain("a change of every table");
  expect(aws.inputs("StartExecution")).toEqual([]);
});

test("changes that do not come in time are named by their tables", async () => {
  aws.reset(deployed({ passes: 1e9 }));
  const found = await sendChanges(
    await openDeployedLake({ outputs: outputsFile(), lake: "saas" }),
    server.source(),
    { signal: new AbortController().signal, minutes: 0.001, everyMs: 10 },
  );
  expect(found).toContainEqual(
    expect.objectContaining({ ok: false, found: expect.stringMatching(/^core_tenant, .*waited/) }),
  );
});
