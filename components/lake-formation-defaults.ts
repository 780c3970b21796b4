import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { EVERYONE } from "../model/aws/lake-permissions";
import { UserError } from "../model/errors";

/** What an account gives on every new database or table. */
interface DefaultPermission {
  readonly principal: string;
  readonly permissions: readonly string[];
}

/**
 * True once it is sure that new databases and tables of this account are closed; else it fails with
 * a UserError. Lake Formation gives what is new to everyone with IAM rights, unless the account's
 * settings are emptied; with that grant on a table its filters hold for nobody. The provider cannot
 * say so for one database: it leaves an empty list of default permissions out of the request, and
 * AWS then takes the account's (github.com/hashicorp/terraform-provider-aws, pull request 49940).
 */
export function closedDefaults(name: string, parent: pulumi.Resource): pulumi.Output<true> {
  const { createDatabaseDefaultPermissions: databases, createTableDefaultPermissions: tables } =
    accountSettings(name, parent);
  return pulumi.all([databases, tables]).apply((defaults): true => {
    refuseOpenDefaults(defaults.flatMap((each) => each ?? []));
    return true;
  });
}

/**
 * Lake Formation's settings of the account as they are, read anew by each preview and update. An
 * account has them once: the id by which Pulumi keeps what it read says nothing to AWS.
 */
export function accountSettings(
  name: string,
  parent: pulumi.Resource,
): aws.lakeformation.DataLakeSettings {
  return aws.lakeformation.DataLakeSettings.get(`${name}-as-is`, "account", undefined, { parent });
}

/** @throws UserError where everyone is given anything */
export function refuseOpenDefaults(defaults: readonly DefaultPermission[]): void {
  if (defaults.some(({ principal, permissions }) => principal === EVERYONE && permissions.length)) {
    throw new UserError(
      `Lake Formation gives every new database or table of this account to ${EVERYONE}, past all filters; run pulumi up --refresh on the account stack first, which ends that`,
    );
  }
}
