import type { Resource } from "../../../model/aws/quota-use";
import { type Quota, QUOTAS, quotaUses } from "../../../model/aws/quotas";

function resource(type: string, inputs: object): Resource {
  return { type, name: "any", inputs };
}

function used(what: string, resources: readonly Resource[]): number {
  const { count } = QUOTAS.find((quota) => quota.what === what) as Quota;
  return count(resources);
}

function filterGrant(principal: string, tableName: string): Resource {
  return resource("aws:lakeformation/permissions:Permissions", {
    principal,
    permissions: ["SELECT"],
    dataCellsFilter: { databaseName: "gold", tableName },
  });
}

test("grants by data filters are counted per principal and table", () => {
  const wholeTable = resource("aws:lakeformation/permissions:Permissions", {
    principal: "one",
    tableWithColumns: { databaseName: "gold", name: "orders" },
  });
  const grants = [
    filterGrant("one", "orders"),
    filterGrant("one", "orders"),
    filterGrant("one", "customers"),
    filterGrant("two", "orders"),
    wholeTable,
  ];
  expect(used("data filter SELECT permissions of a principal on a table", grants)).toBe(2);
  expect(used("data filters in a grant on a table", grants)).toBe(1);
  expect(used("data filters in a grant on a table", [wholeTable])).toBe(0);
});

test("tables are counted in the database that has most", () => {
  const table = (databaseName: string) =>
    resource("aws:glue/catalogTable:CatalogTable", { databaseName });
  expect(used("tables of a database", [table("silver"), table("gold"), table("gold")])).toBe(2);
});

test("inline policies of one role are added up, white space left out", () => {
  const policy = (role: string, text: string) =>
    resource("aws:iam/rolePolicy:RolePolicy", { role, policy: text });
  const policies = [policy("job", '{ "a": 1 }'), policy("job", '{"b":2}'), policy("x", '{"c":33}')];
  expect(used("characters, without white space, of a role's inline policies", policies)).toBe(14);
});

test("an alarm's metrics and a widget's are those that it reads", () => {
  const alarm = resource("aws:cloudwatch/metricAlarm:MetricAlarm", {
    metricQueries: [{ expression: "SUM([a, b])" }, { metric: {} }, { metric: {} }],
  });
  const plain = resource("aws:cloudwatch/metricAlarm:MetricAlarm", { metricName: "m" });
  expect(used("metrics of an alarm's expression", [alarm, plain])).toBe(2);
  const dashboard = resource("aws:cloudwatch/dashboard:Dashboard", {
    dashboardBody: JSON.stringify({
      widgets: [{ properties: { metrics: [1, 2, 3] } }, { properties: {} }],
    }),
  });
  expect(used("metrics of a dashboard's widget", [dashboard])).toBe(3);
  expect(used("widgets of a dashboard", [dashboard])).toBe(2);
});

test("the quota that comes nearest is first, and what is not used is left out", () => {
  const resources = [
    resource("awsx:ec2:Vpc", {}),
    ...Array.from({ length: 30 }, () =>
      resource("aws:dms/replicationInstance:ReplicationInstance", {}),
    ),
  ];
  expect(quotaUses(resources).map(({ quota, used, share }) => [quota.what, used, share])).toEqual([
    ["replication instances", 30, 0.5],
    ["VPCs", 1, 0.2],
  ]);
});

test("every quota names its page of AWS, and the month in which it was read or none", () => {
  for (const { source, confirmed, most } of QUOTAS) {
    expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/.+\.html$/);
    expect(confirmed ?? "2026-11").toMatch(/^20\d\d-\d\d$/);
    expect(most).toBeGreaterThan(0);
  }
  const names = QUOTAS.map(({ service, what }) => `${service} ${what}`);
  expect(new Set(names).size).toBe(names.length);
});
