import type * as pulumi from "@pulumi/pulumi";

import { Account } from "../components/account";
import { loadLake } from "../lakes/load";
import type { AccountSettings } from "./account-settings";
import { hasFiles } from "./lake-files";

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
              files: lakes.some((lake) => hasFiles(loadLake(lake))),
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
