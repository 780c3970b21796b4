import { deployedCli } from "./deployed-cli";
import { role } from "./deployed-values";

const { aws, lake } = deployedCli();

test("asks Athena as the tenant, in the tenant's workgroup, of the catalog's tables", async () => {
  aws.reset({
    AssumeRole: () => ({
      Credentials: { AccessKeyId: "a", SecretAccessKey: "b", SessionToken: "c" },
    }),
    StartQueryExecution: () => ({ QueryExecutionId: "q" }),
    GetQueryExecution: () => ({
      QueryExecution: { Status: { State: "SUCCEEDED" }, Statistics: { DataScannedInBytes: 10 } },
    }),
    GetQueryResults: () => ({
      ResultSet: {
        ResultSetMetadata: {
          ColumnInfo: [
            { Name: "orders", Type: "bigint" },
            { Name: "total", Type: "decimal", Precision: 12, Scale: 2 },
            { Name: "city", Type: "varchar" },
          ],
        },
        Rows: [
          {
            Data: [{ VarCharValue: "orders" }, { VarCharValue: "total" }, { VarCharValue: "city" }],
          },
          { Data: [{ VarCharValue: "3" }, { VarCharValue: "10.50" }, {}] },
        ],
      },
    }),
  });
  const sql = "SELECT count(*) AS orders FROM silver.core_order";
  const output = await lake(["query", sql, "--as", "tenant_3", "--json"]);
  expect(JSON.parse(output)).toEqual([{ orders: 3, total: "10.50", city: null }]);
  expect(aws.inputs("AssumeRole")[0]).toMatchObject({ RoleArn: role("tenant-3") });
  expect(aws.inputs("StartQueryExecution")[0]).toMatchObject({
    QueryString: "SELECT count(*) AS orders FROM saas_dev_silver.core_order",
    WorkGroup: "saas-dev-tenant-3",
  });
});

test("gives Athena's own words for a query that fails", async () => {
  aws.reset({
    StartQueryExecution: () => ({ QueryExecutionId: "q" }),
    GetQueryExecution: () => ({
      QueryExecution: {
        Status: { State: "FAILED", StateChangeReason: "COLUMN_NOT_FOUND: line 1:8" },
      },
    }),
  });
  await expect(lake("query cities --as analyst")).rejects.toThrow(/cities/);
  await expect(lake(["query", "SELECT x", "--as", "analyst"])).rejects.toThrow(
    "COLUMN_NOT_FOUND: line 1:8",
  );
});

test("knows the users there are", async () => {
  aws.reset({});
  await expect(lake("query best_sellers --as tenant_9")).rejects.toThrow(
    "expected one of admin, analyst, tenant_3",
  );
});
