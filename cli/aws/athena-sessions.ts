import { AthenaClient } from "@aws-sdk/client-athena";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";

import type { AthenaSession } from "../../analytics/athena-client";
import { athenaSql } from "../../model/aws/athena-sql";
import { UserError } from "../../model/errors";
import { ADMIN, ANALYST, tenantUser } from "../../model/trino-rules";
import { explaining } from "./clients";
import type { DeployedLake } from "./deployed-lake";

/** The workgroup and role of one user of the lake. */
interface Reader {
  readonly workgroup: string;
  /** Null where readers are principals of the account's own. */
  readonly role: string | null;
}

/**
 * Opens a user's session: their workgroup, in their role where the lake made one.
 * @throws UserError for a user whom the lake does not have
 */
export async function athenaSession(lake: DeployedLake, user: string): Promise<AthenaSession> {
  const { region, name, environment, values, clients } = lake;
  const { workgroup, role } = readerOf(lake, user);
  const { bronze, silver } = values.databases;
  const layout = bronze === silver ? "single" : "per-layer";
  return {
    client:
      role === null
        ? clients.athena()
        : explaining(
            new AthenaClient({ region, credentials: await assume(lake, role, user) }),
            region,
          ),
    workgroup,
    sql: (sql) => athenaSql(sql, `${name}-${environment}`, layout),
  };
}

/** @throws UserError naming the users there are */
export function readerOf(
  { values: { workgroups, roles } }: Pick<DeployedLake, "values">,
  user: string,
): Reader {
  if (user === ADMIN) return { workgroup: workgroups.team, role: roles.team };
  if (user === ANALYST) return { workgroup: workgroups.analysts, role: roles.analysts };
  const tenant = Object.keys(workgroups.tenants).find((id) => tenantUser(id) === user);
  const workgroup = tenant === undefined ? undefined : workgroups.tenants[tenant];
  if (tenant !== undefined && workgroup !== undefined) {
    return { workgroup, role: roles.tenants[tenant] ?? null };
  }
  const users = [ADMIN, ANALYST, ...Object.keys(workgroups.tenants).map(tenantUser)];
  throw new UserError(`"${user}" is no user of the lake; expected one of ${users.join(", ")}`);
}

async function assume({ clients }: DeployedLake, role: string, user: string) {
  const { Credentials: found } = await clients.sts().send(
    new AssumeRoleCommand({
      RoleArn: role,
      RoleSessionName: `lakewright-${user}`.replace(/[^\w+=,.@-]/g, "-").slice(0, 64),
    }),
  );
  return {
    accessKeyId: found?.AccessKeyId ?? "",
    secretAccessKey: found?.SecretAccessKey ?? "",
    ...(found?.SessionToken ? { sessionToken: found.SessionToken } : {}),
  };
}
