/** How much of a quota registered resources use. */

/** A resource with its inputs, as Pulumi has them. */
export interface Resource {
  readonly type: string;
  readonly name: string;
  // Inputs are plain JSON of any shape.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly inputs: any;
}

type Count = (resources: readonly Resource[]) => number;

/** The number of resources of these types. */
export function ofType(...types: readonly string[]): Count {
  return (resources) => resources.filter(({ type }) => types.includes(type)).length;
}

/** The length in bytes of the longest text under an input's name. */
export function longestText(type: string, input: string): Count {
  return (resources) =>
    greatest(inputsOf(resources, type).map((inputs) => Buffer.byteLength(inputs[input] ?? "")));
}

/** The length of the longest policy; white space, which AWS does not count, left out. */
export function longestPolicy(type: string, input: string): Count {
  return (resources) =>
    greatest(inputsOf(resources, type).map((inputs) => policyLength(inputs[input])));
}

/** The length of all inline policies of the role that has most. */
export const inlinePolicies: Count = (resources) =>
  greatest(
    sums(
      inputsOf(resources, "aws:iam/rolePolicy:RolePolicy").map(({ role, policy }) => [
        role,
        policyLength(policy),
      ]),
    ),
  );

/** Tables of the database that has most. */
export const tablesOfDatabase: Count = (resources) =>
  greatest(
    sums(
      inputsOf(resources, "aws:glue/catalogTable:CatalogTable").map(({ databaseName }) => [
        databaseName,
        1,
      ]),
    ),
  );

/** Permissions on data filters of the principal and table that have most. */
export const filterGrants: Count = (resources) =>
  greatest(
    sums(
      filterPermissions(resources).map(({ principal, dataCellsFilter: filter }) => [
        JSON.stringify([principal, filter.databaseName, filter.tableName]),
        1,
      ]),
    ),
  );

/** A grant resource names one filter. */
export const filtersOfGrant: Count = (resources) =>
  Math.min(1, filterPermissions(resources).length);

/** Metrics of the alarm that has most. */
export const metricsOfAlarm: Count = (resources) =>
  greatest(
    inputsOf(resources, "aws:cloudwatch/metricAlarm:MetricAlarm").map(
      ({ metricQueries = [] }) =>
        metricQueries.filter(({ metric }: { metric?: unknown }) => metric).length,
    ),
  );

export const widgetsOfDashboard: Count = (resources) =>
  greatest(dashboards(resources).map(({ widgets }) => widgets.length));

/** Metrics of the widget that shows most. */
export const metricsOfWidget: Count = (resources) =>
  greatest(
    dashboards(resources).flatMap(({ widgets }) =>
      widgets.map(({ properties }) => properties.metrics?.length ?? 0),
    ),
  );

interface DashboardBody {
  readonly widgets: readonly { readonly properties: { readonly metrics?: readonly unknown[] } }[];
}

function dashboards(resources: readonly Resource[]): DashboardBody[] {
  return inputsOf(resources, "aws:cloudwatch/dashboard:Dashboard").map(
    ({ dashboardBody }) => JSON.parse(dashboardBody) as DashboardBody,
  );
}

function filterPermissions(resources: readonly Resource[]) {
  return inputsOf(resources, "aws:lakeformation/permissions:Permissions").filter(
    ({ dataCellsFilter }) => dataCellsFilter,
  );
}

function inputsOf(resources: readonly Resource[], type: string): Resource["inputs"][] {
  return resources.filter((resource) => resource.type === type).map(({ inputs }) => inputs);
}

function policyLength(policy: string | undefined): number {
  return policy === undefined ? 0 : JSON.stringify(JSON.parse(policy)).length;
}

function sums(counts: readonly (readonly [key: string, count: number])[]): number[] {
  const totals = new Map<string, number>();
  for (const [key, count] of counts) totals.set(key, (totals.get(key) ?? 0) + count);
  return [...totals.values()];
}

function greatest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}
