import { BOOKKEEPING_COLUMNS } from "./bookkeeping-columns";
import { type Reader, type Relation, relations, rowFilter, visibleColumns } from "./isolation";
import type { Lake } from "./lake";

/** What the access rules of one lake need to know beside its definition. */
export interface LakeAccess {
  readonly lake: Lake;
  /** Ids of the tenants there are. */
  readonly tenants: readonly (string | number)[];
  /**
   * Columns that tables really have, by `silver.core_order`: Trino's rules can only name what is
   * denied, so a column that the definition does not know must be named here.
   */
  readonly storedColumns?: Readonly<Record<string, readonly string[]>>;
}

/** The user who reads everything. Nobody writes through Trino: the catalogs are read-only. */
export const ADMIN = "admin";
/** The user who reads silver and gold across tenants. */
export const ANALYST = "analyst";

/**
 * Name of the user who reads what the analysts of a tenant read: `tenant_3`, `tenant_Acme%20%26%20Co`.
 * Whatever the id holds beside letters, digits and `_ . @ -` is percent-encoded as UTF-8, so that
 * every id gives a name of its own, which fits an HTTP header and is no pattern to a rule.
 */
export function tenantUser(tenant: string | number): string {
  return `tenant_${String(tenant).replace(/[^A-Za-z0-9_.@-]/gu, percentEncoded)}`;
}

function percentEncoded(character: string): string {
  const bytes = [...new TextEncoder().encode(character)];
  return bytes.map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
}

/** Whether a name is one of `admin`, `analyst`, `tenant_<id>`. */
export function isUserName(name: string): boolean {
  return (
    name === ADMIN || name === ANALYST || /^tenant_(?:[A-Za-z0-9_.@-]|%[0-9A-F]{2})*$/.test(name)
  );
}

/** Columns that every connector offers unasked; they show paths, sizes and times of files. */
const HIDDEN_COLUMNS = [
  "$path",
  "$file_size",
  "$file_modified_time",
  "$partition",
  "$bucket",
  "$row_id",
];

interface TableRule {
  readonly user: string;
  readonly catalog?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly privileges: readonly string[];
  readonly filter?: string;
  readonly columns?: readonly { readonly name: string; readonly allow: false }[];
}

/**
 * The document of Trino's file-based access control
 * (https://trino.io/docs/current/security/file-system-access-control.html). A lake's tables are
 * reachable in three catalogs, for its Hudi and Delta tables live in `<lake>_hudi` and
 * `<lake>_delta`: each rule covers all three. What no rule names is denied: bronze, quarantine and
 * bookkeeping, system tables, a table's `$history` and the like, functions over change feeds.
 *
 * A user `tenant_3` reads as tenant 3 in every lake that has such a tenant.
 */
export function trinoAccessRules(lakes: readonly LakeAccess[]): unknown {
  const restricted = [
    ...new Set([ANALYST, ...lakes.flatMap(({ tenants }) => tenants.map(tenantUser))]),
  ];
  const everyone = anyOf(restricted);
  const adminOnly = [{ user: ADMIN, allow: true }, { allow: false }];
  return {
    catalogs: [
      { user: ADMIN, allow: "all" },
      ...lakes.map(({ lake, tenants }) => ({
        user: anyOf([ANALYST, ...tenants.map(tenantUser)]),
        catalog: catalogsOf(lake),
        allow: "read-only",
      })),
    ],
    schemas: [{ user: ADMIN, owner: true }, { owner: false }],
    tables: [
      { user: ADMIN, privileges: ["SELECT", "OWNERSHIP", "GRANT_SELECT"] },
      ...lakes.flatMap(tableRules),
    ],
    functions: [{ user: ADMIN, privileges: ["EXECUTE", "GRANT_EXECUTE"] }],
    procedures: [{ user: ADMIN, privileges: ["EXECUTE"] }],
    queries: [
      { user: ADMIN, allow: ["execute", "kill", "view"] },
      { user: everyone, allow: ["execute"] },
    ],
    impersonation: [],
    system_information: [{ user: ADMIN, allow: ["read"] }],
    system_session_properties: adminOnly,
    catalog_session_properties: adminOnly,
  };
}

function tableRules(access: LakeAccess): TableRule[] {
  return relations(access.lake)
    .filter(({ columns }) => columns.length > 0)
    .flatMap((relation) => [
      tableRule(access, relation, "analyst", ANALYST),
      ...tenantRules(access, relation),
    ]);
}

function tenantRules(access: LakeAccess, relation: Relation): TableRule[] {
  if (access.tenants.length === 0) return [];
  if (relation.tenantColumn === null) {
    return [tableRule(access, relation, "tenant", anyOf(access.tenants.map(tenantUser)))];
  }
  const rule = tableRule(access, relation, "tenant", "");
  return access.tenants.map((tenant) => ({
    ...rule,
    user: literally(tenantUser(tenant)),
    filter: rowFilter(relation, tenant),
  }));
}

function tableRule(
  { lake, storedColumns }: LakeAccess,
  relation: Relation,
  reader: Reader,
  user: string,
): TableRule {
  const visible = visibleColumns(relation, reader);
  const stored = storedColumns?.[`${relation.layer}.${relation.name}`] ?? [];
  const known = new Set([
    ...relation.columns.map(({ name }) => name),
    ...stored.map((name) => name.toLowerCase()),
    ...BOOKKEEPING_COLUMNS,
    ...HIDDEN_COLUMNS,
  ]);
  return {
    user,
    catalog: catalogsOf(lake),
    schema: relation.layer,
    table: relation.name,
    privileges: ["SELECT"],
    columns: [...known]
      .filter((name) => !visible.includes(name))
      .map((name) => ({ name, allow: false })),
  };
}

const catalogsOf = ({ definition }: Lake) => `${definition.name}(_hudi|_delta)?`;

/** A Java regular expression that matches these names and no other. */
const anyOf = (names: readonly string[]) => names.map(literally).join("|");

const literally = (name: string) => name.replace(/[.@-]/g, "\\$&");
