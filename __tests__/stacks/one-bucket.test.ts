import type * as load from "../../lakes/load";
import { arnOf } from "../../model/aws/lake-permissions";
import { environmentOutputs, type LakeValues } from "../../model/aws/outputs";
import type { Zones } from "../../model/definition";
import { incompleteBuckets, recordedPart } from "../../policy/bucket-rules";
import { costSettings } from "../../stacks/cost-settings";
import type { EnvironmentSettings } from "../../stacks/environment-settings";
import { type Evaluated, evaluateStack } from "../../stacks/evaluate";
import { registeredOf } from "../components/lake-fixtures";

type Inputs = Evaluated["registered"][number]["inputs"];

jest.setTimeout(120_000);

/** The saas lake in zones, to be put into one bucket. */
jest.mock("../../lakes/load", () => {
  const actual = jest.requireActual<typeof load>("../../lakes/load");
  const zones: Zones = {
    database: "raw/database",
    files: "raw/csv",
    silver: "curated/{format}",
    gold: "analytics/{format}",
  };
  const loadLake: typeof load.loadLake = (name) => {
    const { definition, manifest } = actual.loadLake(name);
    return { definition: { ...definition, zones }, manifest };
  };
  return { ...actual, loadLake };
});

const DATA = "arn:aws:mock:::saas-dev-data";
const FOLDERS = ["raw/database", "raw/csv", "curated", "analytics", "ops"];

let composed: Evaluated;
let values: LakeValues;

beforeAll(async () => {
  composed = await evaluateStack("dev", [__filename], inOneBucket);
  values = environmentOutputs.parse(composed.outputs).lakes.saas!;
});

function inOneBucket(settings: EnvironmentSettings): EnvironmentSettings {
  const saas = settings.lakes.saas!;
  return {
    ...settings,
    lakes: {
      saas: {
        ...saas,
        trigger: "arrival",
        storage: { ...saas.storage, buckets: "one" },
        crawlers: { when: "onDemand" },
        tenants: { "1": {} },
      },
    },
  };
}

const all = (type: string) => registeredOf(composed.registered, type);

interface Statement {
  readonly Sid?: string;
  readonly Action: string | string[];
  readonly Resource: string | string[];
  readonly Condition?: { readonly StringLike?: { readonly "s3:prefix"?: string | string[] } };
}

/** Statements of roles' policies that name the bucket of the data, with the policy's name. */
function onData(): [policy: string, statement: Statement][] {
  return Object.entries(all("iam/rolePolicy")).flatMap(([name, { policy }]) => {
    const { Statement: found } = JSON.parse(policy as string) as { Statement: Statement[] };
    return found
      .filter(({ Resource }) => [Resource].flat().some((arn) => arn.startsWith(DATA)))
      .map((statement): [string, Statement] => [name, statement]);
  });
}

test("data shares a bucket; scripts, results and access logs have their own", () => {
  const buckets = Object.keys(all("s3/bucket")).filter((name) => name.startsWith("saas-dev-"));
  expect(buckets).toEqual([
    "saas-dev-data",
    "saas-dev-logs",
    "saas-dev-results",
    "saas-dev-scripts",
  ]);
  expect(values.buckets).toMatchObject({ bronze: "saas-dev-data", ops: "saas-dev-data" });
  expect(values.locations).toEqual({
    bronze: "s3://saas-dev-data/raw/database",
    files: "s3://saas-dev-data/raw/csv",
    silver: "s3://saas-dev-data/curated",
    gold: "s3://saas-dev-data/analytics",
    ops: "s3://saas-dev-data/ops",
  });
  expect(incompleteBuckets(composed.registered.map(recordedPart))).toEqual({});
});

test("nobody has a right on more of it than folders", () => {
  const found = onData();
  expect([...new Set(found.map(([policy]) => policy))].sort()).toEqual([
    "saas-dev-crawler",
    "saas-dev-job",
    "saas-dev-locations",
    "saas-dev-pipeline",
    "saas-dev-target",
  ]);
  for (const [policy, { Action, Resource, Condition }] of found) {
    const actions = [Action].flat();
    if (actions.every((action) => action === "s3:GetBucketLocation")) continue;
    if (actions.includes("s3:ListBucket")) {
      const prefixes = [Condition?.StringLike?.["s3:prefix"] ?? "*"].flat();
      const outside = prefixes.filter((prefix) => !isWithin(prefix.replace(/\/\*?$/, "")));
      expect({ policy, outside }).toEqual({ policy, outside: [] });
      continue;
    }
    const outside = [Resource]
      .flat()
      .filter((arn) => arn.startsWith(DATA))
      .filter((arn) => !isWithin(arn.slice(DATA.length + 1).replace(/(\/\*|_\$folder\$)$/, "")));
    expect({ policy, outside }).toEqual({ policy, outside: [] });
  }
});

/** Whether a path is one of the folders, in one of them, or above one. */
function isWithin(path: string): boolean {
  if (path === "" || path.startsWith("*")) return false;
  return FOLDERS.some(
    (folder) => `${path}/`.startsWith(`${folder}/`) || folder.startsWith(`${path}/`),
  );
}

test("who replicates writes bronze alone, and what readers are given is never bookkeeping", () => {
  const objects = (policy: string) => {
    const own = onData().filter(([name]) => name === `saas-dev-${policy}`);
    const arns = own.flatMap(([, { Resource }]) => [Resource].flat());
    return [...new Set(arns.filter((arn) => arn.endsWith("/*")))];
  };
  expect(objects("target")).toEqual([`${DATA}/raw/database/*`]);
  const layers = ["raw/database", "curated", "analytics"].map((folder) => `${DATA}/${folder}/*`);
  expect(objects("locations")).toEqual(layers);
  expect(objects("crawler")).toEqual(layers);
  const registered = Object.values(all("lakeformation/resource")).map(({ arn }) => arn as string);
  const { bronze, silver, gold } = values.locations;
  expect(registered.sort()).toEqual(
    // Mocks name no service in their ARNs.
    [gold, silver, bronze].map((address) => arnOf(values, address).replace(":s3:", ":mock:")),
  );
});

test("what the job may read and what it may write stay apart", () => {
  const job = onData().filter(([policy]) => policy === "saas-dev-job");
  const written = job.filter(([, { Action }]) => Action.includes("s3:PutObject"));
  const arns = written.flatMap(([, { Resource }]) => [Resource].flat());
  expect(arns.filter((arn) => /\/raw/.test(arn))).toEqual([]);
  expect(arns).toEqual(expect.arrayContaining([`${DATA}/curated/*`, `${DATA}/ops/*`]));
});

test("everyone means the same folders: replication, job, catalog, crawlers, arrivals", () => {
  const [endpoint] = Object.values(all("dms/s3Endpoint"));
  expect(endpoint!.bucketFolder).toBe("raw/database/e0001");
  const locations = all("glue/job")["saas-dev"]!.defaultArguments["--locations"] as string;
  expect(JSON.parse(locations)).toMatchObject({
    bronze: "s3://saas-dev-data/raw/database",
    files: "s3://saas-dev-data/raw/csv",
    silver: "s3://saas-dev-data/curated/{format}",
    changes: "s3://saas-dev-data/ops/changes",
  });
  const tables = Object.fromEntries(
    values.tables.map((each) => [`${each.layer}.${each.name}`, each]),
  );
  expect(tables["bronze.core_order"]!.location).toBe(
    "s3://saas-dev-data/raw/database/e0001/public/core_order/",
  );
  const { location, format } = tables["silver.core_order"]!;
  expect(location).toBe(`s3://saas-dev-data/curated/${format}/core_order/`);
  const crawled = Object.values(all("glue/crawler")).flatMap(({ hudiTargets, deltaTargets }) => [
    ...((hudiTargets?.[0].paths ?? []) as string[]),
    ...((deltaTargets?.[0].deltaTables ?? []) as string[]),
  ]);
  const declared = values.tables.filter(({ layer }) => layer !== "bronze");
  expect(crawled.sort()).toEqual(declared.map((table) => table.location).sort());
  const [notification] = Object.values(all("s3/bucketNotification"));
  expect(notification!.queues[0]).toMatchObject({
    filterPrefix: "raw/database/",
    filterSuffix: ".parquet",
  });
  const [pipeline] = Object.entries(all("sfn/stateMachine")).filter(([, { definition }]) =>
    (definition as string).includes("_LOAD_COMPLETE"),
  );
  expect(pipeline![1].definition).toContain("raw/database/e0001/public/core_order");
});

test("each folder's objects move and go by its own rules, none sooner for the bucket's", () => {
  const { rules } = all("s3/bucketLifecycleConfiguration")["saas-dev-data"]!;
  const found = (rules as Inputs[]).map(({ id, filter, ...rule }) => ({
    id,
    prefix: filter.prefix,
    days: rule.noncurrentVersionExpiration?.noncurrentDays ?? rule.transitions?.[0].days,
  }));
  const { oldVersionDays } = costSettings(
    composed.registered,
    (composed.settings as { environment: EnvironmentSettings }).environment.lakes.saas!,
    { silver: 60, gold: 60 },
  );
  expect(found).toEqual([
    { id: "old-versions", prefix: "", days: 30 },
    { id: "old-versions-bronze", prefix: "raw/database/", days: 30 },
    { id: "cheaper-storage-bronze", prefix: "raw/database/", days: 30 },
    { id: "old-versions-files", prefix: "raw/csv/", days: 30 },
    { id: "cheaper-storage-files", prefix: "raw/csv/", days: 30 },
    { id: "old-versions-silver", prefix: "curated/", days: oldVersionDays.silver },
    { id: "old-versions-gold", prefix: "analytics/", days: oldVersionDays.gold },
    { id: "old-versions-ops", prefix: "ops/", days: 30 },
    { id: "temporary-ops", prefix: "ops/ops/requests/", days: 1 },
  ]);
});
