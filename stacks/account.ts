import type * as pulumi from "@pulumi/pulumi";

import { Account } from "../components/account";

/** A stack of an environment that Pulumi Deployments deploys into the account. */
export interface DeployedEnvironment {
  /** The environment, which is the stack's name. */
  readonly environment: string;
  /** The names of its lakes. */
  readonly lakes: readonly string[];
  /** Whether a deployment may delete its data and destroy it. */
  readonly destroyable: boolean;
}

/** The account stack's settings. */
export interface AccountSettings {
  /** ARNs of users and roles that administer Lake Formation beside who deploys. */
  readonly lakeFormationAdmins: readonly string[];
  /** Whether the account is to get `dms-vpc-role`; `false` where it has it. */
  readonly dmsVpcRole: boolean;
  /** Whether the account is to get `dms-cloudwatch-logs-role`; `false` where it has it. */
  readonly dmsLogsRole: boolean;
  /** Roles for Pulumi Deployments: none if absent. */
  readonly deployments?: {
    /** The organisation in Pulumi Cloud. */
    readonly organisation: string;
    readonly environments: readonly DeployedEnvironment[];
    /** ARN of the account's provider for Pulumi Cloud, where it has one. */
    readonly providerArn?: string;
  };
  /** A role for previews by GitHub: none if absent. */
  readonly pullRequests?: {
    /** As `owner/name`. */
    readonly repository: string;
    /** ARN of the account's provider for GitHub, where it has one. */
    readonly providerArn?: string;
  };
}

/** What an account gives to its environments and to those who set up deployments. */
export interface AccountOutputs {
  /** By stack: the boundary that every role which its deployments make needs. */
  readonly roleBoundaryArns: Record<string, pulumi.Output<string>>;
  /** By stack: `roleArn` of its `Pulumi.<stack>.deploy.yaml`. */
  readonly deployRoleArns: Record<string, pulumi.Output<string>>;
  /** The role of the workflow that previews pull requests. */
  readonly previewRoleArn?: pulumi.Output<string>;
  readonly lakeFormationAdmins: pulumi.Output<string[]>;
}

/** The tag by which an environment's resources, and their cost, are told apart. */
export const ENVIRONMENT_TAG = "environment";

/** What the names of an environment's resources begin with: of its foundation and of each lake. */
export function namePrefixes(environment: string, lakes: readonly string[]): string[] {
  return ["lakewright", ...lakes].map((name) => `${name}-${environment}`);
}

/** Composes what an account has once. */
export function createAccount(settings: AccountSettings): AccountOutputs {
  const { lakeFormationAdmins, dmsVpcRole, dmsLogsRole, deployments, pullRequests } = settings;
  const account = new Account("lakewright", {
    lakeFormationAdmins,
    dms: { vpcRole: dmsVpcRole, logsRole: dmsLogsRole },
    ...(deployments
      ? {
          deployments: {
            organisation: deployments.organisation,
            providerArn: deployments.providerArn,
            stacks: deployments.environments.map(({ environment, lakes, destroyable }) => ({
              stack: environment,
              prefixes: namePrefixes(environment, lakes),
              tag: { key: ENVIRONMENT_TAG, value: environment },
              destroyable,
            })),
          },
        }
      : {}),
    ...(pullRequests ? { pullRequests } : {}),
  });
  return {
    roleBoundaryArns: Object.fromEntries(
      Object.entries(account.roleBoundaries).map(([stack, { arn }]) => [stack, arn]),
    ),
    deployRoleArns: Object.fromEntries(
      Object.entries(account.deployRoles).map(([stack, { role }]) => [stack, role.arn]),
    ),
    ...(account.previewRole ? { previewRoleArn: account.previewRole.role.arn } : {}),
    lakeFormationAdmins: account.lakeFormation.admins,
  };
}
