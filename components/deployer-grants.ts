import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { principalHash } from "./principal-hash";

/** What deployers are granted on one resource. */
export interface DeployerRight {
  readonly permissions: readonly string[];
  /** What the permissions are on. */
  readonly target: Pick<aws.lakeformation.PermissionsArgs, "database" | "table" | "lfTag">;
  /** With whose end the grant ends by itself. */
  readonly owner: pulumi.Resource;
}

export interface DeployerGrantsArgs {
  /** ARNs of the IAM roles and users that deploy. */
  readonly deployers: readonly string[];
  /** By the end of the grants' names, as `database-silver`. */
  readonly rights: Readonly<Record<string, DeployerRight>>;
}

/**
 * Lets each deployer change what another one made: Lake Formation gives it to its maker alone. With
 * the database or tag the grant ends by itself, not before, so that whoever destroys may drop it.
 */
export class DeployerGrants extends pulumi.ComponentResource {
  readonly grants: readonly aws.lakeformation.Permissions[];

  constructor(name: string, args: DeployerGrantsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("lakewright:governance:DeployerGrants", name, {}, opts);
    this.grants = [...new Set(args.deployers)].flatMap((principal) =>
      Object.entries(args.rights).map(
        ([what, { permissions, target, owner }]) =>
          new aws.lakeformation.Permissions(
            `${name}-deployer_${principalHash(principal)}-${what}`,
            {
              principal,
              permissions: [...permissions],
              permissionsWithGrantOptions: [...permissions],
              ...target,
            },
            {
              parent: this,
              deletedWith: owner,
              // Of its maker and of administrators more is read back than was granted.
              ignoreChanges: ["permissions", "permissionsWithGrantOptions"],
            },
          ),
      ),
    );
    this.registerOutputs({});
  }
}
