import { needsAnyResource } from "./any-resource-actions";
import { type PolicyResource, type Rule } from "./rule";
import { type PolicyStatement, statementsOf } from "./statements";

/** Policies of identities, by the input that holds the document. */
const IDENTITY_POLICIES: Readonly<Record<string, string>> = {
  "aws:iam/groupPolicy:GroupPolicy": "policy",
  "aws:iam/policy:Policy": "policy",
  "aws:iam/rolePolicy:RolePolicy": "policy",
  "aws:iam/userPolicy:UserPolicy": "policy",
};

/** Policies of resources, by the input that holds the document; a role's is its trust policy. */
const RESOURCE_POLICIES: Readonly<Record<string, string>> = {
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": "policyDocument",
  "aws:glue/resourcePolicy:ResourcePolicy": "policy",
  "aws:iam/role:Role": "assumeRolePolicy",
  "aws:kms/key:Key": "policy",
  "aws:kms/keyPolicy:KeyPolicy": "policy",
  "aws:s3/bucketPolicy:BucketPolicy": "policy",
  "aws:secretsmanager/secretPolicy:SecretPolicy": "policy",
  "aws:sns/topicPolicy:TopicPolicy": "policy",
  "aws:sqs/queuePolicy:QueuePolicy": "policy",
};

const KEY_POLICIES = ["aws:kms/key:Key", "aws:kms/keyPolicy:KeyPolicy"];

const identityTypes = [...Object.keys(IDENTITY_POLICIES), "aws:iam/role:Role"];
const resourceTypes = Object.keys(RESOURCE_POLICIES);

export const IAM_RULES: readonly Rule[] = [
  {
    name: "iam-actions",
    description: "Policies allow actions by name: no *, no NotAction",
    types: [...new Set([...identityTypes, ...resourceTypes])],
    check: (resource) =>
      allowed(resource).flatMap((statement) =>
        isAccountsOwnKey(resource, statement) ? [] : wildcardActions(statement),
      ),
  },
  {
    name: "iam-resources",
    description:
      "Policies of identities name their resources, but for actions that AWS allows on * alone",
    types: identityTypes,
    check: (resource) => identityStatements(resource).flatMap(wildcardResources),
  },
  {
    name: "iam-principals",
    description: "Policies of resources let nobody in without naming whom",
    types: resourceTypes,
    check: (resource) => resourceStatements(resource).flatMap(anyPrincipal),
  },
  {
    name: "iam-managed",
    description: "Roles have none of AWS's policies that allow whole services",
    types: ["aws:iam/rolePolicyAttachment:RolePolicyAttachment", "aws:iam/role:Role"],
    check: ({ inputs }) =>
      [inputs.policyArn, ...(inputs.managedPolicyArns ?? [])]
        .filter((arn) =>
          /:aws:policy\/.*(AdministratorAccess|PowerUserAccess|FullAccess)/.test(arn),
        )
        .map((arn) => `${arn} allows whole services: name the actions`),
  },
];

function allowed(resource: PolicyResource): PolicyStatement[] {
  return [...identityStatements(resource), ...resourceStatements(resource)];
}

function identityStatements({ type, inputs }: PolicyResource): PolicyStatement[] {
  const input = IDENTITY_POLICIES[type];
  const own = input ? statementsOf(inputs[input]) : [];
  const inline = type === "aws:iam/role:Role" ? (inputs.inlinePolicies ?? []) : [];
  const documents = inline as readonly { policy?: unknown }[];
  return [...own, ...documents.flatMap(({ policy }) => statementsOf(policy))].filter(isAllow);
}

function resourceStatements({ type, inputs }: PolicyResource): PolicyStatement[] {
  const input = RESOURCE_POLICIES[type];
  return input ? statementsOf(inputs[input]).filter(isAllow) : [];
}

const isAllow = ({ isAllow }: PolicyStatement) => isAllow;

/**
 * Every key lets its own account's IAM policies decide, by `kms:*` for the account's root: without
 * it a key can become unmanageable. Source: AWS KMS developer guide, "Default key policy".
 */
function isAccountsOwnKey({ type }: PolicyResource, statement: PolicyStatement): boolean {
  const { actions, principals } = statement;
  const isRoot = (principal: string) => /^arn:aws[\w-]*:iam::\d{12}:root$/.test(principal);
  const isAll = actions.length === 1 && actions[0]!.toLowerCase() === "kms:*";
  return KEY_POLICIES.includes(type) && isAll && principals.length > 0 && principals.every(isRoot);
}

function wildcardActions({ sid, actions, hasNotAction }: PolicyStatement): string[] {
  const wild = actions.filter((action) => /[*?]/.test(action));
  return [
    ...(wild.length > 0 ? [`${sid} allows ${wild.join(", ")}: name the actions`] : []),
    ...(hasNotAction ? [`${sid} allows by NotAction: name the actions`] : []),
  ];
}

function wildcardResources(statement: PolicyStatement): string[] {
  const { sid, actions, resources, hasNotResource, conditions } = statement;
  if (hasNotResource) return [`${sid} allows by NotResource: name the resources`];
  if (!resources.some(isAnyResource) || isNarrowedByTag(conditions)) return [];
  const named = actions.filter((action) => !needsAnyResource(action));
  return named.length === 0
    ? []
    : [`${sid} allows ${named.join(", ")} on every resource: name the resources`];
}

/** Whether a statement holds for resources with a tag alone, or for such as get it. */
function isNarrowedByTag(conditions: PolicyStatement["conditions"]): boolean {
  return Object.entries(conditions)
    .filter(([operator]) => /^String(Equals|Like)(IgnoreCase)?$/.test(operator))
    .flatMap(([, tests]) => Object.entries(tests))
    .some(
      ([key, values]) =>
        /^(aws|ec2):(ResourceTag|RequestTag)\//i.test(key) && ![values].flat().includes("*"),
    );
}

/** `*`, or an ARN whose resource is nothing but `*`, as `arn:aws:s3:::*`. */
function isAnyResource(resource: string): boolean {
  return resource === "*" || /^arn:[^:]*:[^:]*:[^:]*:[^:]*:\*+$/.test(resource);
}

/** Conditions that narrow everybody down to somebody. */
const NARROWING = [
  "aws:principalaccount",
  "aws:principalarn",
  "aws:principalorgid",
  "aws:sourceaccount",
  "aws:sourcearn",
  "aws:sourceowner",
  "kms:calleraccount",
];

function anyPrincipal({ sid, principals, hasNotPrincipal, conditions }: PolicyStatement): string[] {
  if (hasNotPrincipal) return [`${sid} allows by NotPrincipal: name the principals`];
  if (!principals.includes("*")) return [];
  const keys = Object.entries(conditions)
    .filter(([operator]) => /^(String|Arn)(Equals|Like)(IgnoreCase)?$/.test(operator))
    .flatMap(([, tests]) => Object.entries(tests))
    .filter(([, values]) => ![values].flat().includes("*"))
    .map(([key]) => key.toLowerCase());
  if (keys.some((key) => NARROWING.includes(key))) return [];
  return [`${sid} allows everybody: name the principals`];
}
