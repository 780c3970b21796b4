import { loadLake } from "../../lakes/load";
import { expectedPermissions } from "../../model/aws/lake-permissions";
import { environmentOutputs, type EnvironmentValues } from "../../model/aws/outputs";
import { incompleteBuckets, recordedPart } from "../../policy/bucket-rules";
import { violations } from "../../policy/rule";
import { RULES } from "../../policy/rules";
import type { EnvironmentSettings } from "../../stacks/environment-settings";
import { type Evaluated, evaluateStack } from "../../stacks/evaluate";
import { lakeSettings } from "../../stacks/lake-settings";
import { isComponent } from "../../stacks/record-resources";
import { registeredOf } from "../components/lake-fixtures";
import type { Registered } from "../pulumi-mocks";
import { documentedAutocorp } from "./documented-lake";

jest.setTimeout(120_000);

const LAKES = ["saas", "autocorp"] as const;

let composed: Evaluated;
let values: EnvironmentValues;

beforeAll(async () => {
  composed = await evaluateStack("dev", [__filename], withAutocorp);
  values = environmentOutputs.parse(composed.outputs);
});

/** Dev with the lake AutoCorp too. */
function withAutocorp(settings: EnvironmentSettings): EnvironmentSettings {
  const autocorp = lakeSettings.parse(documentedAutocorp());
  return { ...settings, lakes: { ...settings.lakes, autocorp } };
}

const all = (type: string) => registeredOf(composed.registered, type);

/** The lake that a resource is part of, by its name; none for the foundation's. */
function lakeOf(name: string): string | undefined {
  return LAKES.find((lake) => name.startsWith(`${lake}-dev`));
}

/** All text in a resource's inputs. */
const textOf = ({ inputs }: Registered) =>
  JSON.stringify(inputs, (key, value: unknown) => (key === "source" ? "<file>" : value));

test("the foundation is there once", () => {
  const shared = composed.registered.filter(
    (each) => lakeOf(each.name) === undefined && !isComponent(each),
  );
  expect(shared.filter(({ name }) => !name.startsWith("lakewright-dev"))).toEqual([]);
  const kinds = shared.map(({ type }) => type.split(":").at(-1)!);
  const one = ["Vpc", "Trail", "Topic", "Budget", "SecurityGroup", "DefaultSecurityGroup"];
  expect(kinds.filter((kind) => one.includes(kind)).sort()).toEqual([...one].sort());
  const oncePerStack = ["awsx:ec2:Vpc", "aws:cloudtrail/trail:Trail", "aws:budgets/budget:Budget"];
  const made = composed.registered.filter(({ type }) => oncePerStack.includes(type));
  expect(made).toHaveLength(oncePerStack.length);
  expect(all("budgets/budget")["lakewright-dev-monthly"]).toMatchObject({ limitAmount: "100" });
});

test("one policy lets DataSync log, for all lakes", () => {
  expect(Object.keys(all("cloudwatch/logResourcePolicy"))).toEqual(["lakewright-dev-datasync"]);
});

test("the trail records the data of both lakes", () => {
  const [{ advancedEventSelectors }] = Object.values(all("cloudtrail/trail")) as [
    Registered["inputs"],
  ];
  const selectors = JSON.stringify(advancedEventSelectors);
  expect(selectors).toContain("arn:aws:mock:::autocorp-dev-data/");
  expect(selectors).toContain("arn:aws:mock:::saas-dev-silver/");
});

test("no two resources have one name, within Pulumi or on AWS", () => {
  const named = composed.registered.map(({ type, name }) => `${type} ${name}`);
  expect(new Set(named).size).toBe(named.length);
  const onAws = composed.registered.flatMap(({ type, inputs }) =>
    ["name", "key", "endpointId", "replicationInstanceId", "replicationTaskId"]
      .filter((key) => typeof inputs[key] === "string")
      // Tables' names count within their database, queries' in their workgroup, objects' in theirs.
      .map((key) =>
        [type, inputs.databaseName, inputs.workgroup, inputs.bucket, key, inputs[key]].join(" "),
      ),
  );
  expect(onAws.length).toBeGreaterThan(150);
  expect(onAws.filter((name, index) => onAws.indexOf(name) !== index)).toEqual([]);
});

test("nothing of a lake names the other", () => {
  for (const [lake, other] of [
    ["saas", "autocorp"],
    ["autocorp", "saas"],
  ] as const) {
    const own = composed.registered.filter(({ name }) => lakeOf(name) === lake);
    expect(own.length).toBeGreaterThan(200);
    const mention = new RegExp(`${other}[-_]dev`);
    expect(own.filter((each) => mention.test(textOf(each))).map(({ name }) => name)).toEqual([]);
  }
});

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: string | string[];
}

test("what a role's policy leaves open is nothing of a lake's", () => {
  const open = Object.entries(all("iam/rolePolicy")).flatMap(([name, { policy }]) => {
    const { Statement } = JSON.parse(policy as string) as { Statement: Statement[] };
    const own = new RegExp(`${lakeOf(name)}[-_]dev`);
    return Statement.flatMap(({ Action, Resource }) =>
      [Resource]
        .flat()
        .filter((arn) => !own.test(arn) && /\*/.test(arn))
        .flatMap((arn) => [Action].flat().map((action) => `${arn} ${action}`)),
    );
  });
  expect([...new Set(open)].sort()).toEqual([
    "* cloudwatch:PutMetricData",
    "* lakeformation:GetDataAccess",
    "* logs:CreateLogDelivery",
    "* logs:DeleteLogDelivery",
    "* logs:DescribeLogGroups",
    "* logs:DescribeResourcePolicies",
    "* logs:GetLogDelivery",
    "* logs:ListLogDeliveries",
    "* logs:PutResourcePolicy",
    "* logs:UpdateLogDelivery",
  ]);
});

test.each(LAKES)("the job of %s sends metrics as its own alone", (lake) => {
  const { policy } = all("iam/rolePolicy")[`${lake}-dev-job`]!;
  const { Statement } = JSON.parse(policy as string) as { Statement: Record<string, unknown>[] };
  expect(Statement.find(({ Sid }) => Sid === "SendMetrics")!.Condition).toEqual({
    StringEquals: { "cloudwatch:namespace": `Lakewright/${lake}/dev` },
  });
});

test.each(LAKES)(
  "Lake Formation grants on %s what its definition says, to its own alone",
  (lake) => {
    const { permissions } = expectedPermissions(loadLake(lake), "dev", values.lakes[lake]!);
    const principals = new Set(
      Object.entries(all("lakeformation/permissions"))
        .filter(([name]) => lakeOf(name) === lake)
        .map(([, { principal }]) => principal as string),
    );
    expect(principals).toEqual(new Set(permissions.map(({ principal }) => principal)));
    const elsewhere = [...principals].filter((arn) => !arn.includes(`:::${lake}-dev`));
    expect(elsewhere).toEqual([]);
  },
);

test("both lakes' outputs follow the contract, in their own places", () => {
  expect(Object.keys(values.lakes)).toEqual([...LAKES]);
  const { saas, autocorp } = values.lakes;
  expect(saas!.locations.silver).toBe("s3://saas-dev-silver");
  expect(autocorp!.locations).toEqual({
    bronze: "s3://autocorp-dev-data/raw/database",
    files: "s3://autocorp-dev-data/raw/csv",
    silver: "s3://autocorp-dev-data/curated",
    gold: "s3://autocorp-dev-data/analytics",
    ops: "s3://autocorp-dev-data/ops",
  });
  const silver = autocorp!.tables.filter(({ layer }) => layer === "silver");
  expect(silver.map(({ name, location }) => [name, location])).toEqual(
    expect.arrayContaining([
      ["sales_order", "s3://autocorp-dev-data/curated/hudi/sales_order/"],
      ["auto_parts", "s3://autocorp-dev-data/curated/delta/auto_parts/"],
    ]),
  );
  expect(silver).toHaveLength(7);
  expect(autocorp!.files).toMatchObject({
    location: "s3://autocorp-dev-data/raw/csv/",
    taskArn: "arn:aws:mock:::autocorp-dev-files",
  });
  expect(saas!.files).toBeNull();
});

test("no policy is broken", () => {
  const context = {
    stack: "dev",
    defaultTags: { project: "lakewright", environment: "dev" },
    allowed: ["database-private", "replication-private"],
  };
  const found = composed.registered.flatMap((each) =>
    violations(RULES, each, context).map((problem) => `${each.name}: ${problem}`),
  );
  expect(found).toEqual([]);
  expect(incompleteBuckets(composed.registered.map(recordedPart))).toEqual({});
});

test("a change is readable within 15 minutes, its file there within 5", () => {
  const { cdcMaxBatchInterval: seconds } = all("dms/s3Endpoint")["autocorp-dev-target"]!;
  const every = Object.entries(all("scheduler/schedule"))
    .filter(([name]) => lakeOf(name) === "autocorp")
    .map(([, { scheduleExpression }]) =>
      /^rate\((\d+) minutes\)$/.exec(scheduleExpression as string),
    )
    .flatMap((found) => (found ? [Number(found[1])] : []));
  expect(every).toEqual([10]);
  expect(seconds).toBeLessThan(5 * 60);
  // As ./lake cost assumes.
  const passSeconds = 83;
  expect(every[0]! * 60 + (seconds as number) + passSeconds).toBeLessThan(15 * 60);
});

test("a column that is added to the source comes without a reload", () => {
  const { postgresSettings } = all("dms/endpoint")["autocorp-dev-source"]!;
  expect(postgresSettings).toMatchObject({ captureDdls: true, ddlArtifactsSchema: "lakewright" });
  expect(values.lakes.autocorp!.replication.captureDdl).toBe(true);
  expect(values.lakes.saas!.replication.captureDdl).toBe(false);
});

test("raw data is in Glacier Instant Retrieval after 90 days, from the database and from files", () => {
  const { rules } = all("s3/bucketLifecycleConfiguration")["autocorp-dev-data"]!;
  const moves = (rules as Registered["inputs"][]).filter(({ transitions }) => transitions);
  expect(moves.map(({ filter, transitions }) => [filter.prefix, transitions])).toEqual(
    ["raw/database/", "raw/csv/"].map((prefix) => [
      prefix,
      [{ storageClass: "GLACIER_IR", days: 90 }],
    ]),
  );
});

test("its alarms are those of AutoCorp, all to the one topic", () => {
  const alarms = Object.values(all("cloudwatch/metricAlarm")).filter(({ name }) =>
    (name as string).startsWith("autocorp-dev-"),
  );
  const thresholds = Object.fromEntries(
    alarms.map(({ name, threshold }) => [(name as string).replace("autocorp-dev-", ""), threshold]),
  );
  expect(thresholds).toMatchObject({
    "cdc-latency-source": 600,
    "cdc-latency-target": 600,
    "pipeline-failed": 0,
    stale: 15,
    "size-data": 100e9,
    "failed-queries-autocorp-dev": 0,
    "failed-queries-autocorp-dev-analysts": 0,
  });
  for (const { alarmActions } of alarms) {
    expect(alarmActions).toEqual(["arn:aws:mock:::lakewright-dev-alerts"]);
  }
  expect(Object.keys(all("cloudwatch/eventRule"))).toEqual(
    expect.arrayContaining(
      ["job-failed", "transfer-failed", "agent-offline"].map((what) => `autocorp-dev-${what}`),
    ),
  );
});

test("each has its quality rulesets, unless its settings are against them", async () => {
  const rulesets = Object.keys(all("glue/dataQualityRuleset"));
  expect(rulesets).toEqual(
    expect.arrayContaining(["autocorp-dev-silver-sales_order", "saas-dev-silver-core_order"]),
  );
  const without = await evaluateStack("dev", [__filename], (settings) => ({
    ...settings,
    lakes: { saas: { ...settings.lakes.saas!, qualityRulesets: false } },
  }));
  expect(registeredOf(without.registered, "glue/dataQualityRuleset")).toEqual({});
});
