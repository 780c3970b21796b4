import {
  DEPLOY_AREAS,
  deployPolicies,
  type DeployScope,
  POLICY_CHARACTERS,
  policyText,
} from "../../../model/aws/deploy-policy";
import { pullRequestTrust, pulumiTrust } from "../../../model/aws/deploy-trust";
import { PREVIEW_POLICIES } from "../../../model/aws/preview-policy";
import { roleBoundary } from "../../../model/aws/role-boundary";

const SCOPE: DeployScope = {
  partition: "aws",
  account: "123456789012",
  region: "eu-central-1",
  prefixes: ["lakewright-dev", "saas-dev"],
  tag: { key: "environment", value: "dev" },
  boundaryArn: "arn:aws:iam::123456789012:policy/lakewright-dev-boundary",
  destroyable: false,
  files: true,
};
/** Nothing that carries another environment's tag. */
const NOT_ANOTHERS = { StringEqualsIfExists: { "aws:ResourceTag/environment": "dev" } };
const statements = (scope = SCOPE) => Object.values(deployPolicies(scope)).flat();
const statement = (sid: string) => statements().find(({ Sid }) => Sid === sid)!;

test("the policies fit: ten of 6,144 characters a role at most, for five lakes of long names", () => {
  const prefixes = ["lakewright", "saas", "retail", "telemetry", "energy", "logistics"];
  const policies = deployPolicies({
    ...SCOPE,
    region: "ap-southeast-2",
    prefixes: prefixes.map((name) => `${name}-prod`),
  });
  expect(Object.keys(policies)).toEqual([...DEPLOY_AREAS]);
  expect(DEPLOY_AREAS.length).toBeLessThanOrEqual(10);
  for (const policy of Object.values(policies)) {
    expect(policyText(policy).length).toBeLessThanOrEqual(POLICY_CHARACTERS);
  }
  const boundary = roleBoundary({ ...SCOPE, prefixes });
  expect(policyText(boundary).length).toBeLessThanOrEqual(POLICY_CHARACTERS);
});

test("more names than a policy can hold are refused with a remedy", () => {
  const prefixes = Array.from({ length: 40 }, (_, index) => `a-lake-of-a-long-name-${index}-prod`);
  expect(() => deployPolicies({ ...SCOPE, prefixes })).toThrow(
    /of the 6144 that AWS allows, with 40 names: .*put some of the lakes into an environment/,
  );
});

test("no action is a wildcard, none is named twice in a statement", () => {
  const all = [...statements({ ...SCOPE, destroyable: true }), ...roleBoundary(SCOPE)];
  for (const { Action } of [...all, ...PREVIEW_POLICIES.lookups!]) {
    expect(Action.filter((action) => !/^[a-z0-9-]+:[A-Z][A-Za-z0-9]+$/.test(action))).toEqual([]);
    expect(new Set(Action).size).toBe(Action.length);
  }
});

test("statements for any resource are those of the calls that know none, or have a condition", () => {
  const anywhere = statements().filter(({ Resource }) => Resource === "*");
  const unconditional = anywhere.filter(({ Condition }) => !Condition).map(({ Sid }) => Sid);
  expect(unconditional).toEqual(["ListAliases", "ValidateStateMachines", "DescribeTrails"]);
});

test("a task may be moved to the instance that replaces its own", () => {
  const { Action, Resource } = statement("Replication");
  expect(Action).toContain("dms:MoveReplicationTask");
  expect(Resource).toEqual(
    expect.arrayContaining([expect.stringContaining(":rep:"), expect.stringContaining(":task:")]),
  );
});

test("what has a name is reached by the stack's prefixes alone", () => {
  expect(statement("Buckets").Resource).toEqual([
    "arn:aws:s3:::lakewright-dev*",
    "arn:aws:s3:::saas-dev*",
  ]);
  expect(statement("Catalog").Resource).toEqual([
    "arn:aws:glue:eu-central-1:123456789012:database/lakewright_dev*",
    "arn:aws:glue:eu-central-1:123456789012:database/saas_dev*",
    "arn:aws:glue:eu-central-1:123456789012:table/lakewright_dev*",
    "arn:aws:glue:eu-central-1:123456789012:table/saas_dev*",
    "arn:aws:glue:eu-central-1:123456789012:userDefinedFunction/lakewright_dev*",
    "arn:aws:glue:eu-central-1:123456789012:userDefinedFunction/saas_dev*",
    "arn:aws:glue:eu-central-1:123456789012:catalog*",
  ]);
  expect(statement("JobsCrawlersAndRulesets").Resource).toEqual(
    ["job", "crawler", "dataQualityRuleset"].flatMap((kind) =>
      ["lakewright-dev", "saas-dev"].map(
        (name) => `arn:aws:glue:eu-central-1:123456789012:${kind}/${name}*`,
      ),
    ),
  );
  expect(statement("Dashboards").Resource).toEqual([
    "arn:aws:cloudwatch::123456789012:dashboard/lakewright-dev*",
    "arn:aws:cloudwatch::123456789012:dashboard/saas-dev*",
  ]);
});

test("a bucket of another account that has one of the names is out of reach", () => {
  const ofAccount = { StringEquals: { "aws:ResourceAccount": "123456789012" } };
  const destroyable = statements({ ...SCOPE, destroyable: true });
  const onBuckets = [...destroyable, ...roleBoundary(SCOPE)].filter(
    ({ Action, Sid }) => Action[0]!.startsWith("s3:") && Sid !== "NewBuckets",
  );
  expect(onBuckets.map(({ Sid, Condition }) => [Sid, Condition])).toEqual(
    ["Buckets", "Scripts", "DestroyData", "OwnData"].map((sid) => [sid, ofAccount]),
  );
});

test("a stack whose lakes have files may have DataSync bring them, and no other", () => {
  const service = "aws-datasync";
  expect(statement("TransferSecrets")).toEqual({
    Sid: "TransferSecrets",
    Effect: "Allow",
    Action: [
      "secretsmanager:PutSecretValue",
      "secretsmanager:UpdateSecret",
      "secretsmanager:DeleteSecret",
    ],
    Resource: ["arn:aws:secretsmanager:eu-central-1:123456789012:secret:aws-datasync!*"],
    Condition: {
      StringEquals: { "secretsmanager:ResourceTag/aws:secretsmanager:owningService": service },
    },
  });
  expect(statement("NewTransferSecrets")).toMatchObject({
    Action: ["secretsmanager:CreateSecret"],
    Resource: ["arn:aws:secretsmanager:eu-central-1:123456789012:secret:aws-datasync!*"],
  });
  const linked = (files: boolean) =>
    statements({ ...SCOPE, files }).find(({ Sid }) => Sid === "ServiceLinkedRoles")!.Condition;
  expect(linked(true)).toEqual({
    StringEquals: {
      "iam:AWSServiceName": ["dms.amazonaws.com", "rds.amazonaws.com", "datasync.amazonaws.com"],
    },
  });
  expect(linked(false)).toEqual({
    StringEquals: { "iam:AWSServiceName": ["dms.amazonaws.com", "rds.amazonaws.com"] },
  });
  const without = statements({ ...SCOPE, files: false });
  expect(without.filter(({ Sid }) => Sid.includes("Transfer"))).toEqual([]);
});

test("what has no name beforehand is reached by the environment's tag", () => {
  const ofDev = { StringEquals: { "aws:ResourceTag/environment": "dev" } };
  for (const sid of ["Keys", "DestroyNetwork", "Replication", "Transfers"]) {
    expect(statement(sid).Condition).toEqual(ofDev);
  }
  expect(statement("NewKeys").Condition).toEqual({
    StringEquals: { "aws:RequestTag/environment": "dev" },
  });
});

test("another stack's resources cannot be tagged as the stack's own", () => {
  for (const sid of ["TagKeys", "TagNetwork", "TagReplication", "TagTransfers"]) {
    expect(statement(sid).Condition).toEqual(NOT_ANOTHERS);
  }
  const tagging = statements().filter(({ Action }) =>
    Action.some((action) =>
      /^(kms:TagResource|ec2:CreateTags|dms:AddTags|datasync:TagResource)/.test(action),
    ),
  );
  expect(tagging).toHaveLength(4);
});

test("another stack's network cannot be changed, what has no tag of a stack can", () => {
  const { Action, Condition } = statement("Network");
  expect(Condition).toEqual({
    StringEquals: { "aws:RequestedRegion": "eu-central-1" },
    ...NOT_ANOTHERS,
  });
  expect(Action).toEqual(expect.arrayContaining(["ec2:ReplaceRoute", "ec2:AttachVpnGateway"]));
  const elsewhere = statements().filter(({ Sid, Action: [first] }) => {
    return first!.startsWith("ec2:") && Sid !== "Network";
  });
  expect(elsewhere.map(({ Sid }) => Sid)).toEqual([
    "DescribeNetwork",
    "TagNetwork",
    "DestroyNetwork",
  ]);
  const granted = statements().flatMap((each) => each.Action);
  expect(granted.filter((action) => action.includes("Peering"))).toEqual([]);
});

test("what AWS authorises on all of a kind, also for one by name, is allowed on all of it", () => {
  expect(statement("DescribeDatabases")).toMatchObject({
    Action: ["rds:DescribeDBInstances"],
    Resource: ["arn:aws:rds:eu-central-1:123456789012:db:*"],
  });
  expect(statement("DescribeAlarms")).toMatchObject({
    Action: ["cloudwatch:DescribeAlarms"],
    Resource: ["arn:aws:cloudwatch:eu-central-1:123456789012:alarm:*"],
  });
});

test("a replication task can be moved to another instance of the stack", () => {
  expect(statement("Replication").Action).toContain("dms:MoveReplicationTask");
});

test("a preview may have the definition of a state machine checked, as an update may", () => {
  const [lookups] = PREVIEW_POLICIES.lookups!;
  expect(lookups!.Action).toContain("states:ValidateStateMachineDefinition");
  expect(statement("ValidateStateMachines").Resource).toBe("*");
});

test("policies are made for readers alone: the boundary is none of them", () => {
  const policies = statements().filter(({ Action }) =>
    Action.some((action) => /^iam:(Create|Delete)Policy/.test(action)),
  );
  expect(policies).toHaveLength(1);
  const patterns = policies[0]!.Resource as readonly string[];
  const name = (policy: string) => `arn:aws:iam::123456789012:policy/${policy}`;
  const covers = (arn: string) =>
    patterns.some((pattern) => pattern.endsWith("*") && arn.startsWith(pattern.slice(0, -1)));
  for (const reader of ["team", "analysts", "tenant-3"]) {
    expect(covers(name(`saas-dev-${reader}-1a2b3c4`))).toBe(true);
  }
  expect(covers(SCOPE.boundaryArn)).toBe(false);
  expect(covers(name("lakewright-deploy-dev-roles-1a2b3c4"))).toBe(false);
});

test("data can be deleted only where the stack may be destroyed", () => {
  const deletes = (destroyable: boolean) =>
    statements({ ...SCOPE, destroyable }).some(({ Action }) =>
      Action.includes("s3:DeleteObjectVersion"),
    );
  expect([deletes(false), deletes(true)]).toEqual([false, true]);
});

test("roles are made within the boundary, which cannot be taken away or changed", () => {
  expect(statement("BoundedRoles")).toEqual({
    Sid: "BoundedRoles",
    Effect: "Allow",
    Action: [
      "iam:CreateRole",
      "iam:PutRolePolicy",
      "iam:AttachRolePolicy",
      "iam:PutRolePermissionsBoundary",
    ],
    Resource: [
      "arn:aws:iam::123456789012:role/lakewright-dev*",
      "arn:aws:iam::123456789012:role/saas-dev*",
    ],
    Condition: { StringEquals: { "iam:PermissionsBoundary": SCOPE.boundaryArn } },
  });
  const granted = statements().flatMap(({ Action }) => Action);
  for (const escape of [
    "iam:DeleteRolePermissionsBoundary",
    "iam:CreateUser",
    "iam:CreateAccessKey",
    "sts:AssumeRole",
    "lakeformation:PutDataLakeSettings",
  ]) {
    expect(granted).not.toContain(escape);
  }
  expect(granted.filter((action) => action === "iam:PutRolePolicy")).toHaveLength(1);
});

test("the boundary leaves roles no data but the stack's own, and nothing of IAM", () => {
  const [data, rest] = roleBoundary(SCOPE);
  expect(data!.Resource).toEqual(["arn:aws:s3:::lakewright-dev*", "arn:aws:s3:::saas-dev*"]);
  expect(data!.Action).toContain("s3:GetObject");
  expect(rest!.Action.filter((action) => /^(s3|iam|sts|organizations):/.test(action))).toEqual([]);
});

test("roles are passed to the services that a lake uses alone", () => {
  expect(statement("PassRoles").Condition).toEqual({
    StringEquals: {
      "iam:PassedToService": [
        "glue.amazonaws.com",
        "states.amazonaws.com",
        "scheduler.amazonaws.com",
        "pipes.amazonaws.com",
        "lakeformation.amazonaws.com",
        "events.amazonaws.com",
        "dms.amazonaws.com",
        "datasync.amazonaws.com",
        "dms.eu-central-1.amazonaws.com",
      ],
    },
  });
});

test("the deployments of one stack are trusted, of them the operations named", () => {
  const stack = { organisation: "acme", project: "lakewright", stack: "dev" };
  expect(pulumiTrust(stack, ["preview", "update"])).toEqual({
    Effect: "Allow",
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: {
      StringEquals: {
        "api.pulumi.com/oidc:aud": "acme",
        "api.pulumi.com/oidc:sub": [
          "pulumi:deploy:org:acme:project:lakewright:stack:dev:operation:preview:scope:write",
          "pulumi:deploy:org:acme:project:lakewright:stack:dev:operation:update:scope:write",
        ],
      },
    },
  });
});

test("a repository's pull requests are trusted, not its other workflows", () => {
  expect(pullRequestTrust("acme/lakewright").Condition.StringEquals).toEqual({
    "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
    "token.actions.githubusercontent.com:sub": ["repo:acme/lakewright:pull_request"],
  });
});
