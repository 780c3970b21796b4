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
