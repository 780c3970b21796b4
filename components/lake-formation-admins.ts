import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { EVERYONE } from "../model/aws/lake-permissions";
import { UserError } from "../model/errors";
import { accountSettings } from "./lake-formation-defaults";

export interface LakeFormationAdminsArgs {
  /** ARNs of users and roles that become administrators beside who deploys. */
  readonly admins: readonly pulumi.Input<string>[];
}

/**
 * The administrators of Lake Formation: who deploys, who is named, and who was one before. The
 * account's other settings stay as they are: what is not given is cleared, so they are given back.
 * Only new databases and tables are no longer everyone's.
 */
export class LakeFormationAdmins extends pulumi.ComponentResource {
  readonly settings: aws.lakeformation.DataLakeSettings;
  /** ARNs of all administrators, sorted. */
  readonly admins: pulumi.Output<string[]>;

  constructor(name: string, args: LakeFormationAdminsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("lakewright:account:LakeFormationAdmins", name, {}, opts);
    const existing = accountSettings(name, this);
    this.admins = pulumi
      .all([existing.admins, this.deployer(), pulumi.all([...args.admins])])
      .apply(([before, deployer, named]) => [...new Set([...before, deployer, ...named])].sort());
    this.settings = new aws.lakeformation.DataLakeSettings(
      name,
      {
        admins: this.admins,
        readOnlyAdmins: existing.readOnlyAdmins,
        createDatabaseDefaultPermissions: existing.createDatabaseDefaultPermissions.apply(closed),
        createTableDefaultPermissions: existing.createTableDefaultPermissions.apply(closed),
        trustedResourceOwners: existing.trustedResourceOwners,
        allowExternalDataFiltering: existing.allowExternalDataFiltering,
        externalDataFilteringAllowLists: existing.externalDataFilteringAllowLists,
        authorizedSessionTagValueLists: existing.authorizedSessionTagValueLists,
        allowFullTableExternalDataAccess: existing.allowFullTableExternalDataAccess,
        parameters: existing.parameters.apply(settable),
      },
      // Deleting the settings would leave the account without administrators.
      { parent: this, retainOnDelete: true },
    );
    this.registerOutputs({ admins: this.admins });
  }

  /** The role behind the session that deploys, or the user. */
  private deployer(): pulumi.Output<string> {
    const { arn } = aws.getCallerIdentityOutput({}, { parent: this });
    const { issuerArn } = aws.iam.getSessionContextOutput({ arn }, { parent: this });
    return issuerArn.apply((principal) => {
      if (!principal.endsWith(":root")) return principal;
      throw new UserError(
        `${principal} deploys, which cannot administer Lake Formation; deploy as an IAM user or role`,
      );
    });
  }
}

/**
 * Default permissions without those of everyone whose IAM policies allow the call: given to a new
 * table, they would pass by its row filters. What is there already keeps its permissions.
 */
function closed<Default extends { readonly principal: string }>(
  defaults: readonly Default[] | undefined,
): Default[] {
  return (defaults ?? []).filter(({ principal }) => principal !== EVERYONE);
}

/** The parameters that can be set: AWS answers with more. */
function settable(parameters: Record<string, string> | undefined): Record<string, string> {
  const version = parameters?.CROSS_ACCOUNT_VERSION;
  return version === undefined ? {} : { CROSS_ACCOUNT_VERSION: version };
}
