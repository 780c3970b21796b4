import type { DeployScope, PolicyStatement } from "./deploy-policy";

/** ARNs of a service's resources in the stack's region and account, one a prefix of their names. */
export function named(scope: DeployScope, service: string, ...resources: string[]): string[] {
  const { partition, region, account, prefixes } = scope;
  return resources.flatMap((resource) =>
    prefixes.map(
      (prefix) => `arn:${partition}:${service}:${region}:${account}:${resource}${prefix}*`,
    ),
  );
}

/** ARNs of resources that get their names from AWS. */
export function unnamed(scope: DeployScope, service: string, ...resources: string[]): string[] {
  const { partition, region, account } = scope;
  return resources.map(
    (resource) => `arn:${partition}:${service}:${region}:${account}:${resource}*`,
  );
}

export function actions(service: string, names: string): string[] {
  return names
    .trim()
    .split(/\s+/)
    .map((name) => `${service}:${name}`);
}

export function allow(
  Sid: string,
  Action: readonly string[],
  Resource: PolicyStatement["Resource"],
  Condition?: PolicyStatement["Condition"],
): PolicyStatement {
  return { Sid, Effect: "Allow", Action, Resource, ...(Condition ? { Condition } : {}) };
}

export const inRegion = ({ region }: DeployScope) => ({
  StringEquals: { "aws:RequestedRegion": region },
});

/** Keeps another stack's resources out of reach; new ones have no tag yet. */
export const ofStackOrNew = ({ tag }: DeployScope) => ({
  StringEqualsIfExists: { [`aws:ResourceTag/${tag.key}`]: tag.value },
});

/** Names of buckets are the world's: a bucket of another account may have one of them. */
export const ofAccount = ({ account }: Pick<DeployScope, "account">) => ({
  StringEquals: { "aws:ResourceAccount": account },
});

export const ofStack = ({ tag }: DeployScope) => ({
  StringEquals: { [`aws:ResourceTag/${tag.key}`]: tag.value },
});
