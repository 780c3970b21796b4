import { UserError } from "../errors";
import { encryption, network, replication, storage, transfer } from "./deploy-foundation";
import { auditAndAlerts, catalog, pipeline, query, roles } from "./deploy-lake";

/** Where and for what a deploying role may act. */
export interface DeployScope {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  /**
   * What the names of the stack's resources begin with, as `saas-dev`; Glue databases have `_` for
   * `-`.
   */
  readonly prefixes: readonly string[];
  /** The tag that the stack's resources carry, for those that have no name beforehand. */
  readonly tag: { readonly key: string; readonly value: string };
  /** The boundary that every role which the stack makes must have. */
  readonly boundaryArn: string;
  /** Whether the stack's data may be deleted. */
  readonly destroyable: boolean;
  /** Whether a lake of the stack has dropped files, which AWS DataSync may bring. */
  readonly files: boolean;
}

/** A statement of an IAM policy. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<
    Record<string, Readonly<Record<string, string | readonly string[]>>>
  >;
}

/** Characters that a managed policy may have. Source: IAM user guide, "IAM and AWS STS quotas". */
export const POLICY_CHARACTERS = 6144;

/** The areas that the rights are divided by: a managed policy each, of the ten that a role may have. */
export const DEPLOY_AREAS = [
  "storage",
  "encryption",
  "network",
  "replication",
  "catalog",
  "query",
  "pipeline",
  "audit",
  "roles",
] as const;
export type DeployArea = (typeof DEPLOY_AREAS)[number];

/**
 * What a stack's deploying role may do, as managed policies by area: what the program manages, by
 * the names it gives, and nothing else of the account.
 * @throws UserError if a policy would be longer than AWS allows, which many lakes make it.
 */
export function deployPolicies(scope: DeployScope): Record<DeployArea, PolicyStatement[]> {
  const policies: Record<DeployArea, PolicyStatement[]> = {
    storage: [...storage(scope), ...(scope.files ? transfer(scope) : [])],
    encryption: encryption(scope),
    network: network(scope),
    replication: replication(scope),
    catalog: catalog(scope),
    query: query(scope),
    pipeline: pipeline(scope),
    audit: auditAndAlerts(scope),
    roles: roles(scope),
  };
  for (const [area, statements] of Object.entries(policies)) {
    const { length } = policyText(statements);
    if (length > POLICY_CHARACTERS) {
      throw new UserError(
        `the deploying role's policy for ${area} has ${length} characters of the ${POLICY_CHARACTERS} that AWS allows, with ${scope.prefixes.length} names: ${scope.prefixes.join(", ")}; put some of the lakes into an environment of their own`,
      );
    }
  }
  return policies;
}

/** A policy document without white space, which does not count. */
export function policyText(statements: readonly PolicyStatement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}
