import { readFileSync } from "fs";
import { join } from "path";
import { parse } from "yaml";

import { createAccount, namePrefixes } from "../../stacks/account";
import { recordResources, settled } from "../pulumi-mocks";

const SETTINGS = { lakeFormationAdmins: [], dmsVpcRole: true, dmsLogsRole: false };
const file = (name: string) => readFileSync(join(__dirname, "../..", name), "utf8");

test("an account gives the boundary, and the roles that its environments are deployed with", async () => {
  const registered = recordResources();
  const outputs = createAccount({
    ...SETTINGS,
    deployments: {
      organisation: "acme",
      environments: [{ environment: "dev", lakes: ["saas"], destroyable: true }],
    },
    pullRequests: { repository: "acme/lakewright" },
  });
  await settled();
  expect(Object.keys(outputs.deployRoleArns)).toEqual(["dev"]);
  expect(outputs.previewRoleArn).toBeDefined();
  const roles = registered.filter(({ type }) => type === "aws:iam/role:Role");
  expect(roles.map(({ name }) => name).sort()).toEqual([
    "lakewright-deploy-dev",
    "lakewright-dms-vpc-role",
    "lakewright-preview",
  ]);
});

test("deployments may have DataSync bring files where a lake of the environment has some", async () => {
  const registered = recordResources();
  createAccount({
    ...SETTINGS,
    deployments: {
      organisation: "acme",
      environments: [
        { environment: "dev", lakes: ["saas", "autocorp"], destroyable: false },
        { environment: "qa", lakes: ["saas"], destroyable: false },
      ],
    },
  });
  await settled();
  const policies = registered
    .filter(({ inputs }) => /datasync:CreateTask/.test(String(inputs.policy)))
    .map(({ name }) => name);
  expect(policies).toEqual(["lakewright-deploy-dev-storage"]);
});

test("an account without deployments gives no roles for them", async () => {
  recordResources();
  const outputs = createAccount(SETTINGS);
  await settled();
  expect(outputs.deployRoleArns).toEqual({});
  expect(outputs).not.toHaveProperty("previewRoleArn");
});

test("an environment's names begin with its foundation's or a lake's", () => {
  expect(namePrefixes("qa", ["saas", "retail"])).toEqual(["lakewright-qa", "saas-qa", "retail-qa"]);
});

test.each([
  ["dev", "dev"],
  ["qa", "qa"],
  ["prod", "main"],
])("stack %s is deployed from branch %s, by its own role", (stack, branch) => {
  const settings = file(`Pulumi.${stack}.deploy.yaml`);
  expect(settings).toContain(`branch: refs/heads/${branch}\n`);
  expect(settings).toContain(`role/lakewright-deploy-${stack}\n`);
  expect(settings).toContain(`- Pulumi.${stack}.yaml\n`);
  expect(settings).toMatch(/deployCommits: true\n +previewPullRequests: true\n/);
});

test("whatever evaluates an environment fetches the job's jars before", () => {
  for (const stack of ["dev", "qa", "prod"]) {
    const { settings } = parse(file(`Pulumi.${stack}.deploy.yaml`)) as {
      settings: { operationContext: { preRunCommands: string[] }; gitHub: { paths: string[] } };
    };
    // Under a Python that the launcher takes: the image's default is 3.13.
    expect(settings.operationContext.preRunCommands).toEqual(["PYENV_VERSION=3.12 ./lake jars"]);
    expect(settings.gitHub.paths).toContain("local/toolchain/jars.ts");
  }
  const { jobs } = parse(file(".github/workflows/preview.yml")) as {
    jobs: { preview: { steps: { run?: string; uses?: string }[] } };
  };
  const steps = jobs.preview.steps.map(({ run, uses }) => run ?? uses!.split("@")[0]!);
  const before = steps.slice(0, steps.indexOf("pulumi/actions"));
  expect(before.filter((step) => /python|jars/.test(step))).toEqual([
    "actions/setup-python",
    "./lake jars",
  ]);
});
