import { arnOf, EVERYONE, expectedPermissions } from "../../model/aws/lake-permissions";
import type { LakeValues } from "../../model/aws/outputs";
import {
  type PermissionDifference,
  permissionDifferences,
} from "../../model/aws/permission-differences";
import { UserError } from "../../model/errors";
import type { Lake } from "../../model/lake";
import { tablesInCatalog } from "./catalog-tables";
import type { DeployedLake } from "./deployed-lake";
import {
  type DataLakeSettings,
  dataLakeSettings,
  listFilters,
  listPermissions,
  registeredLocations,
} from "./lake-formation";

/** What was compared, and what differs. */
export interface GrantsCheck {
  readonly permissions: number;
  readonly filters: number;
  readonly differences: readonly PermissionDifference[];
}

/**
 * Compares Lake Formation's grants and filters with those that the definition gives.
 * @throws UserError for a caller from whom Lake Formation hides grants to others
 */
export async function checkGrants(lake: Lake, deployed: DeployedLake): Promise<GrantsCheck> {
  const { environment, values, clients, caller, name } = deployed;
  const client = clients.lakeFormation();
  const settings = await dataLakeSettings(client);
  requireAdministrator(caller, settings);
  const databases = [...new Set(Object.values(values.databases))];
  const addresses = Object.values(values.buckets).map((name) => `s3://${name}`);
  const locations = [...new Set([...addresses, ...Object.values(values.locations)])].map(
    (address) => arnOf(values, address),
  );
  const tagPrefix = `${name}-${environment}-`;
  const [permissions, filters, registered, tables] = await Promise.all([
    listPermissions(client, { databases, locations, tagPrefix }),
    listFilters(client, databases),
    registeredLocations(client),
    tablesInCatalog(clients.glue(), databases),
  ]);
  const wanted = expectedPermissions(lake, environment, values);
  const differences = [
    ...settings.openDefaults.map(openDefault),
    ...permissionDifferences(wanted, { permissions, filters }, settings.administrators),
    ...exposed(values, registered, tables),
  ];
  return { permissions: permissions.length, filters: filters.length, differences };
}

/** Lake Formation lists to a caller what the caller may grant; administrators see all. */
function requireAdministrator(caller: string, { administrators }: DataLakeSettings): void {
  if (administrators.some((arn) => isSame(arn, caller))) return;
  throw new UserError(
    `${caller} is no administrator of Lake Formation, so that it does not see what others were granted; use credentials of ${administrators.join(" or ") || "one, after the account stack was deployed"}`,
  );
}

/** Whether a session's ARN is one of that role, whose path sessions do not have. */
export function isSame(arn: string, caller: string): boolean {
  if (arn === caller) return true;
  const role = /^arn:[^:]+:iam::(\d+):role\/(?:.*\/)?([^/]+)$/.exec(arn);
  const session = /^arn:[^:]+:sts::(\d+):assumed-role\/([^/]+)\//.exec(caller);
  return role !== null && session !== null && role[1] === session[1] && role[2] === session[2];
}

function openDefault(what: "database" | "table"): PermissionDifference {
  return {
    kind: "open",
    place: "account",
    problem: `every new ${what} is given to ${EVERYONE}; deploy the account stack, which ends that`,
  };
}

/** `s3://` addresses of what no reader of the lake may see. */
function privatePlaces({ buckets, locations }: LakeValues): Record<string, string> {
  const { scripts, logs } = buckets;
  return {
    ops: locations.ops,
    ...(scripts === undefined ? {} : { scripts: `s3://${scripts}` }),
    ...(logs === undefined ? {} : { logs: `s3://${logs}` }),
  };
}

/** Bookkeeping that Lake Formation or the catalog would give out. */
function exposed(
  values: LakeValues,
  registered: readonly string[],
  tables: readonly { name: string; location: string }[],
): PermissionDifference[] {
  const isIn = (address: string, root: string) =>
    address === root || address.startsWith(`${root}/`);
  return Object.entries(privatePlaces(values)).flatMap(([what, address]) => {
    const arn = arnOf(values, address);
    // A registration of all of the bucket gives out what lies in it.
    const locations = registered.filter((each) => isIn(each, arn) || isIn(arn, each));
    const shown = tables.filter(({ location }) => isIn(location, address));
    return [
      ...locations.map((place) => ({
        kind: "extra" as const,
        place,
        problem: `bookkeeping (${what}) is registered with Lake Formation; deregister it`,
      })),
      ...shown.map(({ name, location }) => ({
        kind: "extra" as const,
        place: name,
        problem: `the catalog shows bookkeeping (${what}) at ${location}; delete the table`,
      })),
    ];
  });
}
