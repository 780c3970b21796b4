import * as pulumi from "@pulumi/pulumi";

import { readSettings } from "../../stacks/settings";
import { stackConfiguration } from "../../stacks/stack-file";
import { recordResources } from "../pulumi-mocks";

const TRIAL = JSON.stringify({ saas: { source: { trial: {} } } });

function read(values: Record<string, string>) {
  recordResources(
    Object.fromEntries(Object.entries(values).map(([key, value]) => [`lakewright:${key}`, value])),
  );
  return readSettings(new pulumi.Config("lakewright"));
}

test("an environment's settings have safe defaults", () => {
  const settings = read({ environment: "qa", lakes: TRIAL });
  expect(settings).toEqual({
    kind: "environment",
    environment: {
      environment: "qa",
      destroyable: false,
      deployers: [],
      network: {},
      audit: {},
      alerts: { emails: [] },
      lakes: {
        saas: {
          source: { trial: {} },
          replication: {},
          trigger: "schedule",
          job: {},
          storage: {},
          tenants: {},
          queries: {},
          monitoring: {},
          qualityRulesets: true,
        },
      },
    },
  });
});

test("every wrong key is named at once", () => {
  expect(() => read({ environment: "test", destroyable: "perhaps" })).toThrow(
    /wrong:\n {2}lakewright:environment: .*\n {2}lakewright:lakes: .*\n {2}lakewright:destroyable: /,
  );
  const lakes = JSON.stringify({ saas: { source: { trial: {} }, job: { worker: "G.1X" } } });
  expect(() => read({ environment: "dev", lakes })).toThrow(
    /lakewright:lakes\.saas\.job: .*"worker"/,
  );
});

test("who deploys is named by role or user, for Lake Formation knows no sessions", () => {
  const role = "arn:aws:iam::123456789012:role/lakewright-deploy-qa";
  const settings = read({ environment: "qa", lakes: TRIAL, deployers: JSON.stringify([role]) });
  expect(settings).toMatchObject({ environment: { deployers: [role] } });
  const session = JSON.stringify(["arn:aws:sts::123456789012:assumed-role/deployer/me"]);
  expect(() => read({ environment: "qa", lakes: TRIAL, deployers: session })).toThrow(
    "lakewright:deployers.0: expected the ARN of an IAM role or user",
  );
});

test("storage that S3 refuses, or a bucket there is not, is named by its key", () => {
  const problem = (storage: object) => {
    const lakes = JSON.stringify({ saas: { source: { trial: {} }, storage } });
    return () => read({ environment: "dev", lakes });
  };
  const moves = (infrequentAccessDays?: number, glacierInstantDays?: number) => ({
    bronzeTransitions: { infrequentAccessDays, glacierInstantDays },
  });
  expect(problem(moves(30, 59))).toThrow(
    "lakewright:lakes.saas.storage.bronzeTransitions.glacierInstantDays: expected 30 days more than infrequentAccessDays at least",
  );
  for (const right of [moves(30, 60), moves(90), moves(undefined, 1)]) {
    expect(problem(right)).not.toThrow();
  }
  expect(problem({ oldVersionDays: 0 })).toThrow(/lakes\.saas\.storage\.oldVersionDays/);
  expect(problem({ oldVersionDays: { results: 1 } })).toThrow(
    /lakes\.saas\.storage\.oldVersionDays/,
  );
  expect(problem({ oldVersionDays: { silver: 1 } })).not.toThrow();
});

test("a trial database's public address needs public subnets", () => {
  const trial = { publicCidrBlocks: ["203.0.113.7/32"] };
  const lakes = JSON.stringify({ saas: { source: { trial } } });
  const network = (settings: object) => () =>
    read({ environment: "dev", lakes, network: JSON.stringify(settings) });
  expect(network({ interfaceEndpoints: ["secretsmanager"] })).toThrow(
    "lakewright:lakes.saas.source.trial.publicCidrBlocks: needs public subnets: set publicReplication or nat of the network",
  );
  expect(network({ publicReplication: true })).not.toThrow();
  expect(network({ nat: "single" })).not.toThrow();
});

test("prod cannot be made destroyable", () => {
  expect(() => read({ environment: "prod", lakes: TRIAL, destroyable: "true" })).toThrow(
    "lakewright:destroyable: prod is never destroyable; remove it",
  );
});

test("the key account makes it the account's stack", () => {
  expect(read({ account: "{}" })).toEqual({
    kind: "account",
    account: { lakeFormationAdmins: [], dmsVpcRole: true, dmsLogsRole: true },
  });
});

test.each(["account", "dev", "qa", "prod"])("Pulumi.%s.yaml is right", (stack) => {
  recordResources(stackConfiguration(stack));
  const settings = readSettings(new pulumi.Config("lakewright"));
  expect(settings.kind).toBe(stack === "account" ? "account" : "environment");
});

test("a stack without a file is named with those that have one", () => {
  expect(() => stackConfiguration("staging")).toThrow(
    "there is no Pulumi.staging.yaml; expected one of the stacks account, dev, prod, qa",
  );
});
