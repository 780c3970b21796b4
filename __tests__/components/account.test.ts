import { Account, type AccountArgs } from "../../components/account";
import { OPEN_ACCOUNT, recordResources, type Registered, settled } from "../pulumi-mocks";

let registered: Registered[];

beforeEach(() => {
  registered = recordResources();
});

const of = (type: string) => registered.filter((resource) => resource.type === type);
const inputsOf = (type: string, name: string) =>
  of(type).find((resource) => resource.name === name)!.inputs;
const names = (type: string) =>
  of(type)
    .map(({ name }) => name)
    .sort();

const STACKS: AccountArgs["deployments"] = {
  organisation: "acme",
  stacks: [
    {
      stack: "dev",
      prefixes: ["saas-dev"],
      tag: { key: "environment", value: "dev" },
      destroyable: true,
    },
    { stack: "prod", prefixes: ["saas-prod"], tag: { key: "environment", value: "prod" } },
  ],
};
const PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";

test("the roles that AWS DMS demands have the names and policies that it demands", async () => {
  new Account("lakewright");
  await settled();
  expect(names("aws:iam/role:Role")).toEqual([
    "lakewright-dms-cloudwatch-logs-role",
    "lakewright-dms-vpc-role",
  ]);
  const role = inputsOf("aws:iam/role:Role", "lakewright-dms-vpc-role");
  expect(role.name).toBe("dms-vpc-role");
  expect(JSON.parse(role.assumeRolePolicy).Statement).toEqual([
    {
      Effect: "Allow",
      Principal: { Service: "dms.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
    },
  ]);
  const attached = of("aws:iam/rolePolicyAttachment:RolePolicyAttachment").map(
    ({ inputs }) => inputs.policyArn,
  );
  expect(attached.sort()).toEqual([
    "arn:aws:iam::aws:policy/service-role/AmazonDMSCloudWatchLogsRole",
    "arn:aws:iam::aws:policy/service-role/AmazonDMSVPCManagementRole",
  ]);
});

test("roles for AWS DMS that the account has are left alone", async () => {
  const { dms } = new Account("lakewright", { dms: { vpcRole: false, logsRole: false } });
  await settled();
  expect([dms.vpcRole, dms.logsRole]).toEqual([undefined, undefined]);
  expect(of("aws:iam/role:Role")).toEqual([]);
});

test("Lake Formation keeps its settings and administrators, gets who deploys, and gives new tables to nobody", async () => {
  registered = recordResources({}, OPEN_ACCOUNT);
  new Account("lakewright", {
    lakeFormationAdmins: ["arn:aws:iam::123456789012:role/analysts"],
    deployments: STACKS,
  });
  await settled();
  const settings = inputsOf("aws:lakeformation/dataLakeSettings:DataLakeSettings", "lakewright");
  expect(settings).toEqual({
    admins: [
      "arn:aws:iam::123456789012:role/analysts",
      "arn:aws:iam::123456789012:role/deployer",
      "arn:aws:iam::123456789012:role/steward",
      "arn:aws:mock:::lakewright-deploy-dev",
      "arn:aws:mock:::lakewright-deploy-prod",
    ],
    readOnlyAdmins: ["arn:aws:iam::123456789012:role/auditor"],
    createDatabaseDefaultPermissions: [],
    createTableDefaultPermissions: [],
    trustedResourceOwners: ["210987654321"],
    allowExternalDataFiltering: false,
    externalDataFilteringAllowLists: [],
    authorizedSessionTagValueLists: [],
    allowFullTableExternalDataAccess: false,
    parameters: { CROSS_ACCOUNT_VERSION: "4" },
  });
});

test("by default nobody deploys by token", async () => {
  new Account("lakewright");
  await settled();
  expect(of(PROVIDER)).toEqual([]);
  expect(of("aws:iam/policy:Policy")).toEqual([]);
});

test("every stack has a deploying role of its own, which prod's deployments cannot destroy with", async () => {
  new Account("lakewright", { deployments: STACKS });
  await settled();
  expect(of(PROVIDER).map(({ inputs }) => inputs)).toEqual([
    { url: "https://api.pulumi.com/oidc", clientIdLists: ["acme"] },
  ]);
  const trust = (stack: string) => {
    const { name, assumeRolePolicy } = inputsOf("aws:iam/role:Role", `lakewright-deploy-${stack}`);
    expect(name).toBe(`lakewright-deploy-${stack}`);
    return JSON.parse(assumeRolePolicy).Statement[0];
  };
  expect(trust("prod").Principal).toEqual({ Federated: "arn:aws:mock:::lakewright-pulumi" });
  const operations = (stack: string) =>
    trust(stack).Condition.StringEquals["api.pulumi.com/oidc:sub"].map(
      (subject: string) => /:stack:(\w+:operation:\w+):scope:write$/.exec(subject)![1],
    );
  expect(operations("prod")).toEqual([
    "prod:operation:preview",
    "prod:operation:update",
    "prod:operation:refresh",
  ]);
  expect(operations("dev")).toContain("dev:operation:destroy");
});

test("a deploying role has a managed policy for each area, of its own stack's names", async () => {
  new Account("lakewright", { deployments: STACKS });
  await settled();
  const ofDev = names("aws:iam/policy:Policy").filter((name) => name.includes("-dev"));
  expect(ofDev).toEqual([
    "lakewright-deploy-dev-audit",
    "lakewright-deploy-dev-catalog",
    "lakewright-deploy-dev-encryption",
    "lakewright-deploy-dev-network",
    "lakewright-deploy-dev-pipeline",
    "lakewright-deploy-dev-query",
    "lakewright-deploy-dev-replication",
    "lakewright-deploy-dev-roles",
    "lakewright-deploy-dev-storage",
    "lakewright-dev-boundary",
  ]);
  const [, buckets] = JSON.parse(
    inputsOf("aws:iam/policy:Policy", "lakewright-deploy-prod-storage").policy,
  ).Statement;
  expect(buckets.Resource).toEqual(["arn:aws:s3:::saas-prod*"]);
  const [bounded] = JSON.parse(
    inputsOf("aws:iam/policy:Policy", "lakewright-deploy-prod-roles").policy,
  ).Statement;
  expect(bounded.Condition.StringEquals["iam:PermissionsBoundary"]).toBe(
    "arn:aws:mock:::lakewright-prod-boundary",
  );
});

test("providers that the account has are used", async () => {
  new Account("lakewright", {
    deployments: { ...STACKS, providerArn: "arn:pulumi" },
    pullRequests: { repository: "acme/lakewright", providerArn: "arn:github" },
  });
  await settled();
  expect(of(PROVIDER)).toEqual([]);
  const federated = (role: string) =>
    JSON.parse(inputsOf("aws:iam/role:Role", role).assumeRolePolicy).Statement[0].Principal;
  expect(federated("lakewright-deploy-dev")).toEqual({ Federated: "arn:pulumi" });
  expect(federated("lakewright-preview")).toEqual({ Federated: "arn:github" });
});

test("pull requests preview with a role that can look things up and nothing else", async () => {
  new Account("lakewright", { pullRequests: { repository: "acme/lakewright" } });
  await settled();
  expect(of(PROVIDER).map(({ inputs }) => inputs)).toEqual([
    {
      url: "https://token.actions.githubusercontent.com",
      clientIdLists: ["sts.amazonaws.com"],
    },
  ]);
  const { policy } = inputsOf("aws:iam/policy:Policy", "lakewright-preview-lookups");
  const actions: string[] = JSON.parse(policy).Statement[0].Action;
  expect(actions.filter((action) => !/:(Describe|Get|Validate)[A-Z]/.test(action))).toEqual([]);
});
