import { isSame } from "../../../cli/aws/check-grants";
import type { LakePermission } from "../../../model/aws/lake-permissions";
import { deployedCli } from "./deployed-cli";
import { deployedValues, outputsFile } from "./deployed-values";
import { lakeFormationAnswers, wanted } from "./lake-formation-answers";

const { aws, lake } = deployedCli();

interface Checked {
  readonly permissions: number;
  readonly differences: { kind: string; place: string; problem: string }[];
}

async function check(change?: Parameters<typeof lakeFormationAnswers>[0]): Promise<Checked> {
  aws.reset(lakeFormationAnswers(change));
  return JSON.parse(await lake("grants check --json")) as Checked;
}

test("what the program made has no differences", async () => {
  const found = await check();
  expect(found.differences).toEqual([]);
  expect(found.permissions).toBe(wanted.permissions.length);
  expect(process.exitCode).toBeUndefined();
});

test("a table that is everyone's is told of, with exit code 1", async () => {
  const everyone: LakePermission = {
    principal: "IAM_ALLOWED_PRINCIPALS",
    permission: "ALL",
    place: "saas_dev_silver",
    table: "core_order",
  };
  const { differences } = await check({ permissions: (found) => [...found, everyone] });
  expect(differences).toEqual([
    {
      kind: "open",
      place: "saas_dev_silver.core_order",
      problem: expect.stringContaining("IAM_ALLOWED_PRINCIPALS has ALL"),
    },
  ]);
  expect(process.exitCode).toBe(1);
});

test("a grant by hand is told of, an administrator's and another lake's are not", async () => {
  const select = (principal: string, place: string): LakePermission => ({
    principal: `arn:aws:iam::123456789012:${principal}`,
    permission: "SELECT",
    place,
    table: "core_order",
  });
  const { differences } = await check({
    permissions: (found) => [
      ...found,
      select("role/stranger", "saas_dev_silver"),
      select("user/operator", "saas_dev_silver"),
      select("role/stranger", "other_dev_silver"),
    ],
  });
  expect(differences.map(({ kind, place }) => [kind, place])).toEqual([
    ["extra", "saas_dev_silver.core_order"],
  ]);
});

test("a tenant with the whole table instead of the filter's rows is told of twice", async () => {
  const isTenants = ({ principal, table }: LakePermission) =>
    principal.endsWith("tenant-3") && table === "core_order";
  const { differences } = await check({
    permissions: (found) =>
      found.map((each) => {
        const { principal, permission, place, table } = each;
        return isTenants(each) ? { principal, permission, place, table: table! } : each;
      }),
  });
  expect(differences.map(({ kind }) => kind)).toEqual(["missing", "extra"]);
  expect(differences[0]!.problem).toContain("lacks SELECT through filter saas-dev-tenant-3");
});

test("other rows, other columns and every column of a filter are told of", async () => {
  const filter = wanted.filters[0]!;
  const place = `${filter.database}.${filter.table}`;
  const other = await check({
    filter: {
      RowFilter: { FilterExpression: "TRUE" },
      ColumnNames: [...filter.columns.slice(1), "secret"],
    },
  });
  expect(other.differences).toEqual([
    {
      kind: "extra",
      place,
      problem: `filter ${filter.name} has the rows TRUE, expected ${filter.expression}`,
    },
    { kind: "extra", place, problem: `filter ${filter.name} also shows secret` },
    {
      kind: "missing",
      place,
      problem: `filter ${filter.name} does not show ${filter.columns[0]}`,
    },
  ]);
});

test("bookkeeping that is registered or in the catalog is told of", async () => {
  const { differences } = await check({
    registered: ["arn:aws:s3:::saas-ops/quarantine"],
    tables: [{ Name: "runs", StorageDescriptor: { Location: "s3://saas-ops/ops/runs" } }],
  });
  expect(differences.map(({ place }) => place)).toEqual([
    "arn:aws:s3:::saas-ops/quarantine",
    // Asked of each of the three databases.
    "saas_dev_bronze.runs",
    "saas_dev_silver.runs",
    "saas_dev_gold.runs",
  ]);
});

test("a registration of the bucket that bookkeeping shares is told of", async () => {
  const locations = { ...deployedValues().locations, ops: "s3://saas-data/ops" };
  const registered = ["arn:aws:s3:::saas-data", "arn:aws:s3:::saas-data/curated"];
  aws.reset(lakeFormationAnswers({ registered }));
  const found = await lake("grants check --json", outputsFile({ locations }));
  expect((JSON.parse(found) as Checked).differences.map(({ place }) => place)).toEqual([
    "arn:aws:s3:::saas-data",
  ]);
});

test("defaults that open every new table are told of", async () => {
  const everyone = {
    Principal: { DataLakePrincipalIdentifier: "IAM_ALLOWED_PRINCIPALS" },
    Permissions: ["ALL"],
  };
  const { differences } = await check({ settings: { CreateTableDefaultPermissions: [everyone] } });
  expect(differences).toEqual([
    { kind: "open", place: "account", problem: expect.stringContaining("every new table") },
  ]);
});

test("a caller who is no administrator is refused: much would be hidden", async () => {
  await expect(check({ settings: { DataLakeAdmins: [] } })).rejects.toThrow(
    "user/operator is no administrator of Lake Formation",
  );
});

test("a session is one of its role, whose path it does not have", () => {
  const session = "arn:aws:sts::123456789012:assumed-role/deployer/me";
  expect(isSame("arn:aws:iam::123456789012:role/teams/deployer", session)).toBe(true);
  expect(isSame("arn:aws:iam::999999999999:role/deployer", session)).toBe(false);
  expect(isSame("arn:aws:iam::123456789012:role/other", session)).toBe(false);
});
