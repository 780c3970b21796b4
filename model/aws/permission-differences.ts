import {
  type CellsFilter,
  EVERYONE,
  type LakePermission,
  type LakePermissions,
} from "./lake-permissions";

/** What Lake Formation has otherwise than the definition says. */
export interface PermissionDifference {
  /** `open`: anyone reads past the filters. `extra`: more than wanted. `missing`: less. */
  readonly kind: "open" | "extra" | "missing";
  /** `saas_dev_silver.core_order` */
  readonly place: string;
  readonly problem: string;
}

/**
 * Compares what is granted with what should be. What administrators of Lake Formation have beside is left
 * out: they may grant themselves anything, and Lake Formation gives who creates a table all rights on it.
 */
export function permissionDifferences(
  wanted: LakePermissions,
  found: LakePermissions,
  administrators: readonly string[],
): PermissionDifference[] {
  return [
    ...found.permissions.filter(({ principal }) => principal === EVERYONE).map(open),
    ...grantDifferences(
      wanted.permissions,
      found.permissions.filter(({ principal }) => principal !== EVERYONE),
      administrators,
    ),
    ...filterDifferences(wanted.filters, found.filters),
  ];
}

function open({ permission, ...at }: LakePermission): PermissionDifference {
  const problem = `${EVERYONE} has ${permission}: no filter holds for whom IAM allows; revoke it`;
  return { kind: "open", place: placeOf(at), problem };
}

function grantDifferences(
  wanted: readonly LakePermission[],
  found: readonly LakePermission[],
  administrators: readonly string[],
): PermissionDifference[] {
  const isWanted = new Set(wanted.map(permissionKey));
  const isFound = new Set(found.map(permissionKey));
  const known = new Set(wanted.map(({ principal }) => principal));
  return [
    ...wanted
      .filter((each) => !isFound.has(permissionKey(each)))
      .map((each) => ({
        kind: "missing" as const,
        place: placeOf(each),
        problem: `${each.principal} lacks ${describe(each)}; run pulumi up --refresh`,
      })),
    ...found
      .filter((each) => !isWanted.has(permissionKey(each)) && !isHarmless(each, known))
      .filter(({ principal }) => !administrators.includes(principal))
      .map((each) => ({
        kind: "extra" as const,
        place: placeOf(each),
        problem: `${each.principal} has ${describe(each)}, which the definition does not give; revoke it`,
      })),
  ];
}

/** Whoever may read a table is told of its columns by Lake Formation as well. */
function isHarmless({ principal, permission }: LakePermission, known: ReadonlySet<string>) {
  return permission === "DESCRIBE" && known.has(principal);
}

function filterDifferences(
  wanted: readonly CellsFilter[],
  found: readonly CellsFilter[],
): PermissionDifference[] {
  const keyOf = ({ database, table, name }: CellsFilter) => `${database}.${table} ${name}`;
  const foundBy = new Map(found.map((filter) => [keyOf(filter), filter]));
  const wantedKeys = new Set(wanted.map(keyOf));
  return [
    ...wanted.flatMap((filter) => filterProblems(filter, foundBy.get(keyOf(filter)))),
    ...found
      .filter((filter) => !wantedKeys.has(keyOf(filter)))
      .map((filter) => ({
        kind: "extra" as const,
        place: `${filter.database}.${filter.table}`,
        problem: `filter ${filter.name} is not of the definition; delete it, where nobody else needs it`,
      })),
  ];
}

function filterProblems(wanted: CellsFilter, found?: CellsFilter): PermissionDifference[] {
  const place = `${wanted.database}.${wanted.table}`;
  if (!found) {
    const problem = `filter ${wanted.name} is not there; run pulumi up --refresh`;
    return [{ kind: "missing", place, problem }];
  }
  const extra = found.columns.filter((column) => !wanted.columns.includes(column));
  const missing = wanted.columns.filter((column) => !found.columns.includes(column));
  const differences: PermissionDifference[] = [];
  if (found.expression.trim() !== wanted.expression) {
    const problem = `filter ${wanted.name} has the rows ${found.expression}, expected ${wanted.expression}`;
    differences.push({ kind: "extra", place, problem });
  }
  if (extra.length > 0) {
    const problem = `filter ${wanted.name} also shows ${extra.join(", ")}`;
    differences.push({ kind: "extra", place, problem });
  }
  if (missing.length > 0) {
    const problem = `filter ${wanted.name} does not show ${missing.join(", ")}`;
    differences.push({ kind: "missing", place, problem });
  }
  return differences;
}

function permissionKey({ principal, permission, place, table, cells }: LakePermission): string {
  const columns = cells && "columns" in cells ? [...cells.columns].sort() : null;
  const filter = cells && "filter" in cells ? cells.filter : null;
  return JSON.stringify([principal, permission, place, table ?? null, filter, columns]);
}

function placeOf({ place, table }: Pick<LakePermission, "place" | "table">): string {
  return table === undefined ? place : `${place}.${table}`;
}

function describe({ permission, cells }: LakePermission): string {
  if (!cells) return permission;
  return "filter" in cells
    ? `${permission} through filter ${cells.filter}`
    : `${permission} of ${cells.columns.join(", ")}`;
}
