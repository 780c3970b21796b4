import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Job, type JobArgs } from "../../components/job";
import { packageFiles } from "../../components/job-assets";
import { LakeBuckets } from "../../components/lake-buckets";
import { loadLake } from "../../lakes/load";
import { recordResources, type Registered, settled } from "../pulumi-mocks";

const { manifest } = loadLake("saas");

let registered: Registered[];
let jar: string;

beforeEach(() => {
  registered = recordResources();
  jar = join(mkdtempSync(join(tmpdir(), "lakewright-job-")), "deequ.jar");
  writeFileSync(jar, "classes");
});

function args(more: Partial<JobArgs> = {}): JobArgs {
  const { buckets, key } = new LakeBuckets("lake");
  return {
    jobName: "saas-dev",
    environment: "dev",
    manifest,
    buckets,
    key,
    catalog: { silver: { database: "saas_dev_silver" }, gold: { database: "saas_dev_gold" } },
    qualityJars: [jar],
    ...more,
  };
}

async function job(more: Partial<JobArgs> = {}): Promise<Registered["inputs"]> {
  new Job("saas-dev", args(more));
  await settled();
  return only("aws:glue/job:Job").inputs;
}

function all(type: string): Registered[] {
  return registered.filter((resource) => resource.type === type);
}

function only(type: string): Registered {
  const found = all(type);
  expect(found).toHaveLength(1);
  return found[0]!;
}

/** What is uploaded as this part of a release. */
function upload(part: string): Registered["inputs"] {
  const objects = all("aws:s3/bucketObjectv2:BucketObjectv2");
  return objects.find(({ name }) => name === `saas-dev-${part}`)!.inputs;
}

test("a lake has one job, one run at a time, on Glue 5.0", async () => {
  const { defaultArguments, ...inputs } = await job();
  expect(inputs).toEqual({
    name: "saas-dev",
    description: "Silver, gold, quality and maintenance of lake saas",
    roleArn: "arn:aws:mock:::saas-dev-job",
    glueVersion: "5.0",
    command: {
      name: "glueetl",
      pythonVersion: "3",
      scriptLocation: expect.stringMatching(
        /^s3:\/\/saas-dev-script\/releases\/\w{16}\/lake_job.py$/,
      ),
    },
    workerType: "G.1X",
    numberOfWorkers: 2,
    executionClass: "STANDARD",
    timeout: 120,
    maxRetries: 0,
    executionProperty: { maxConcurrentRuns: 1 },
    securityConfiguration: "saas-dev-id",
  });
  expect(defaultArguments["--mode"]).toBe("once");
  expect(defaultArguments["--metrics"]).toBe("lake");
});

test("Spark is configured as on the laptop", async () => {
  const { defaultArguments } = await job();
  const defaults = JSON.parse(readFileSync("glue-scripts/lakewright/spark-defaults.json", "utf8"));
  const given = (defaultArguments["--conf"] as string).split(" --conf ");
  expect(Object.fromEntries(given.map((pair) => pair.split(/=(.*)/s).slice(0, 2)))).toEqual(
    defaults.common,
  );
});

test("what is set is what the job gets", async () => {
  const { defaultArguments, ...inputs } = await job({
    workerType: "G.2X",
    workers: 5,
    retries: 1,
    watch: { minutes: 55 },
    tableMetrics: true,
  });
  expect([inputs.workerType, inputs.numberOfWorkers, inputs.maxRetries]).toEqual(["G.2X", 5, 1]);
  expect(inputs.timeout).toBe(85);
  expect(defaultArguments).toMatchObject({
    "--mode": "watch",
    "--minutes": "55",
    "--every": "30",
    "--metrics": "tables",
  });
});

test("a run's files are named by their contents and stay when others take their place", async () => {
  await job();
  const keys = () => ["script", "package", "manifest", "deequ.jar"].map((part) => upload(part).key);
  const [script, zip, document, jarKey] = keys();
  const release = /^releases\/(\w{16})\/lake_job\.py$/.exec(script)![1];
  expect([zip, document]).toEqual([
    `releases/${release}/lakewright.zip`,
    `releases/${release}/manifest.json`,
  ]);
  expect(jarKey).toMatch(/^jars\/\w{16}\/deequ\.jar$/);

  registered = recordResources();
  await job({ manifest: { ...manifest, history_days: 8 } });
  const [other, , , sameJar] = keys();
  expect(other).not.toBe(script);
  expect(sameJar).toBe(jarKey);
});

test("the package has every module and what they read, and the manifest is the lake's", async () => {
  await job();
  // What an archive holds is not among the inputs that mocks record.
  const files = packageFiles().map(({ inside }) => inside);
  expect(files).toEqual(
    expect.arrayContaining([
      "lakewright/__init__.py",
      "lakewright/steps.py",
      "lakewright/spark-defaults.json",
    ]),
  );
  expect(files.filter((file) => !/^lakewright\/[\w.-]+\.(py|json)$/.test(file))).toEqual([]);
  expect(JSON.parse(upload("manifest").content)).toEqual(manifest);
});

test("logs have Glue's own names, are kept for a time and encrypted with the lake's key", async () => {
  await job();
  const groups = all("aws:cloudwatch/logGroup:LogGroup").map(({ inputs }) => inputs);
  const folder = "/aws-glue/jobs/saas-dev/saas-dev-id-role/saas-dev-job-id";
  expect(groups).toEqual(
    ["error", "output"].map((kind) => ({
      name: `${folder}/${kind}`,
      retentionInDays: 30,
      kmsKeyId: "arn:aws:mock:::lake-key",
    })),
  );
  expect(only("aws:glue/securityConfiguration:SecurityConfiguration").inputs).toEqual({
    encryptionConfiguration: {
      cloudwatchEncryption: {
        cloudwatchEncryptionMode: "SSE-KMS",
        kmsKeyArn: "arn:aws:mock:::lake-key",
      },
      s3Encryption: { s3EncryptionMode: "SSE-KMS", kmsKeyArn: "arn:aws:mock:::lake-key" },
      jobBookmarksEncryption: { jobBookmarksEncryptionMode: "DISABLED" },
    },
  });
});

test("without a key of the lake's own, logs are where Glue has them then", async () => {
  const { securityConfiguration } = await job({ key: undefined, logDays: 3 });
  expect(securityConfiguration).toBeUndefined();
  expect(all("aws:glue/securityConfiguration:SecurityConfiguration")).toEqual([]);
  expect(all("aws:cloudwatch/logGroup:LogGroup").map(({ inputs }) => inputs)).toEqual([
    { name: "/aws-glue/jobs/saas-dev/error", retentionInDays: 3 },
    { name: "/aws-glue/jobs/saas-dev/output", retentionInDays: 3 },
  ]);
});

test("only Glue of this account takes the role on, with rights on this lake alone", async () => {
  await job();
  const role = only("aws:iam/role:Role").inputs;
  expect(JSON.parse(role.assumeRolePolicy).Statement).toEqual([
    {
      Effect: "Allow",
      Principal: { Service: "glue.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
    },
  ]);
  const policy = JSON.parse(only("aws:iam/rolePolicy:RolePolicy").inputs.policy);
  const statement = (sid: string) =>
    policy.Statement.find((one: { Sid: string }) => one.Sid === sid).Resource;
  expect(statement("ReadBronzeAndScripts")).toEqual([
    "arn:aws:mock:::lake-bronze/*",
    "arn:aws:mock:::lake-scripts/*",
  ]);
  expect(statement("KeepCatalogUp")).toContain(
    "arn:aws:glue:eu-central-1:123456789012:table/saas_dev_silver/*",
  );
});

test.each<[string, Partial<JobArgs>, RegExp]>([
  ["rules without an engine for them", { qualityJars: [] }, /qualityJars is empty/],
  [
    "a timeout in the middle of a watch",
    { watch: { minutes: 60 }, timeoutMinutes: 60 },
    /timeoutMinutes is 60/,
  ],
  ["a watch on spare capacity", { watch: { minutes: 60 }, executionClass: "FLEX" }, /use STANDARD/],
  ["a single worker", { workers: 1 }, /needs 2 at least/],
])("%s is the user's mistake", async (_, more, message) => {
  const given = args(more);
  await settled();
  expect(() => new Job("saas-dev", given)).toThrow(message);
});

test("a lake without DQDL rules needs no jars", async () => {
  const plain = {
    ...manifest,
    tables: manifest.tables.map((table) => ({ ...table, quality: [] })),
    models: manifest.models.map((model) => ({ ...model, quality: [] })),
  };
  const { defaultArguments } = await job({ manifest: plain, qualityJars: undefined });
  expect(defaultArguments["--extra-jars"]).toBeUndefined();
});
