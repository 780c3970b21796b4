import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { loadLake } from "../../lakes/load";
import {
  type CellsFilter,
  expectedPermissions,
  type LakePermission,
} from "../../model/aws/lake-permissions";
import { environmentOutputs } from "../../model/aws/outputs";
import { permissionDifferences } from "../../model/aws/permission-differences";
import { roleBoundary } from "../../model/aws/role-boundary";
import { incompleteBuckets, recordedPart } from "../../policy/bucket-rules";
import { violations } from "../../policy/rule";
import { RULES } from "../../policy/rules";
import { namePrefixes } from "../../stacks/account";
import type { EnvironmentSettings } from "../../stacks/environment-settings";
import { type Evaluated, evaluateStack, withTenants } from "../../stacks/evaluate";
import type { Registered } from "../pulumi-mocks";

jest.setTimeout(120_000);

/** What the policy pack is to allow in dev. */
const DEV_POLICY = JSON.parse(
  readFileSync(join(__dirname, "../../policy/dev.json"), "utf8"),
) as object;

const folder = mkdtempSync(join(tmpdir(), "lakewright-jars-"));
const jar = join(folder, "deequ-0.jar");
writeFileSync(jar, "a jar");
afterAll(() => rmSync(folder, { recursive: true }));

/** What a stack's file composes, with settings changed before. */
function compose(
  stack: string,
  change?: (settings: EnvironmentSettings) => EnvironmentSettings,
): Promise<Evaluated> {
  return evaluateStack(stack, [jar], change);
}

function ofType(registered: readonly Registered[], type: string): Registered[] {
  return registered.filter((resource) => resource.type === type);
}

/** The permissions of one registered grant. */
function grantedBy({ inputs }: Registered): LakePermission[] {
  const { principal, permissions, database, table, tableWithColumns, dataCellsFilter } = inputs;
  const place =
    database?.name ??
    (table ?? tableWithColumns ?? dataCellsFilter)?.databaseName ??
    // Mocks name no service in their ARNs.
    inputs.dataLocation.arn.replace("arn:aws:mock:", "arn:aws:s3:");
  const name =
    (table?.wildcard ? "*" : table?.name) ?? tableWithColumns?.name ?? dataCellsFilter?.tableName;
  const cells = tableWithColumns
    ? { columns: tableWithColumns.columnNames }
    : dataCellsFilter && { filter: dataCellsFilter.name };
  return permissions.map((permission: string) => ({
    principal,
    permission,
    place,
    ...(name === undefined ? {} : { table: name }),
    ...(cells ? { cells } : {}),
  }));
}

function filtersOf(registered: readonly Registered[]): CellsFilter[] {
  return ofType(registered, "aws:lakeformation/dataCellsFilter:DataCellsFilter").map(
    ({ inputs: { tableData } }) => ({
      database: tableData.databaseName,
      table: tableData.tableName,
      name: tableData.name,
      expression: tableData.rowFilter.filterExpression,
      columns: tableData.columnNames,
    }),
  );
}

describe.each(["dev", "qa", "prod"])("stack %s", (stack) => {
  let composed: Evaluated;

  beforeAll(async () => {
    composed = await compose(stack);
  });

  test("gives what its contract says", () => {
    const values = environmentOutputs.parse(composed.outputs);
    const { saas } = values.lakes;
    expect(saas!.databases.gold).toBe(`saas_${stack}_gold`);
    expect(saas!.tables).toContainEqual({
      layer: "silver",
      name: "core_order",
      database: `saas_${stack}_silver`,
      table: "core_order",
      location: `s3://saas-${stack}-silver/core_order/`,
      format: "hudi",
    });
  });

  test("grants what grants check expects", () => {
    const { lakes } = environmentOutputs.parse(composed.outputs);
    const expected = expectedPermissions(loadLake("saas"), stack, lakes.saas!);
    const granted = ofType(composed.registered, "aws:lakeformation/permissions:Permissions");
    const made = {
      permissions: granted.flatMap(grantedBy),
      filters: filtersOf(composed.registered),
    };
    expect(expected.permissions.length).toBeGreaterThan(40);
    expect(expected.filters.length).toBeGreaterThan(10);
    expect(permissionDifferences(expected, made, [])).toEqual([]);
  });

  test("breaks no policy", () => {
    const { registered } = composed;
    const context = {
      stack,
      defaultTags: { project: "lakewright", environment: stack },
      allowed: stack === "dev" ? Object.keys(DEV_POLICY) : [],
    };
    const found = registered.flatMap((resource) =>
      violations(RULES, resource, context).map((problem) => `${resource.name}: ${problem}`),
    );
    expect(found).toEqual([]);
    expect(incompleteBuckets(registered.map(recordedPart))).toEqual({});
  });

  test("gives its roles no more than the boundary of its deployments", () => {
    const boundary = roleBoundary({
      partition: "aws",
      account: "123456789012",
      prefixes: namePrefixes(stack, ["saas"]),
    });
    const allowed = new Set(boundary.flatMap(({ Action }) => Action));
    const policies = ofType(composed.registered, "aws:iam/rolePolicy:RolePolicy");
    const needed = policies.flatMap(({ name, inputs }) =>
      (JSON.parse(inputs.policy).Statement as { Effect: string; Action: string | string[] }[])
        .filter(({ Effect }) => Effect === "Allow")
        .flatMap(({ Action }) => [Action].flat().map((action) => `${name} ${action}`)),
    );
    expect(needed.filter((each) => !allowed.has(each.split(" ")[1]!))).toEqual([]);
  });

  test("names what people refer to by lake and environment", () => {
    const names = (type: string) =>
      ofType(composed.registered, type).map(({ inputs }) => inputs.name);
    expect(names("aws:glue/job:Job")).toEqual([`saas-${stack}`]);
    expect(names("aws:sfn/stateMachine:StateMachine").sort()).toEqual([
      `saas-${stack}`,
      `saas-${stack}-maintenance`,
    ]);
    expect(names("aws:athena/workgroup:Workgroup")).toContain(`saas-${stack}-tenant-1`);
  });

  test("deletes data only where it is destroyable", () => {
    const buckets = ofType(composed.registered, "aws:s3/bucket:Bucket");
    const deleted = new Set(buckets.map(({ inputs }) => inputs.forceDestroy));
    expect(deleted).toEqual(new Set([stack !== "prod"]));
  });
});

test("roles have the boundary of the settings", async () => {
  const roleBoundaryArn = "arn:aws:iam::123456789012:policy/lakewright-dev-boundary";
  const { registered } = await compose("dev", (settings) => ({ ...settings, roleBoundaryArn }));
  const roles = ofType(registered, "aws:iam/role:Role");
  expect(roles.length).toBeGreaterThan(5);
  expect(new Set(roles.map(({ inputs }) => inputs.permissionsBoundary))).toEqual(
    new Set([roleBoundaryArn]),
  );
});

test("each tenant adds the same number of resources", async () => {
  const counts: number[] = [];
  for (const tenants of [1, 2, 20]) {
    counts.push((await compose("dev", withTenants(tenants))).registered.length);
  }
  const [one, two, twenty] = counts as [number, number, number];
  expect(twenty).toBe(one + 19 * (two - one));
});
