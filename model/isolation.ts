import type { Sensitivity } from "./definition";
import { UserError } from "./errors";
import type { Lake } from "./lake";
import type { ManifestColumn } from "./manifest";
import { quoteIdentifier, quoteLiteral, quoteRelation, quoteSparkIdentifier } from "./sql-quoting";

/**
 * Who may read which rows and columns of silver and gold. The same expressions and column lists go
 * into Lake Formation's data cells filters on AWS and into Trino's access rules locally.
 * Bronze, quarantine and bookkeeping tables are for the lake's owner alone.
 */

/** Readers with restricted rights: the analysts of one tenant, and those across tenants. */
export type Reader = "tenant" | "analyst";

/** A silver table or gold model, as isolation sees it. */
export interface Relation {
  readonly layer: "silver" | "gold";
  readonly name: string;
  /** Column that holds the tenant's id; null where every tenant reads every row. */
  readonly tenantColumn: string | null;
  /** Compiled columns with Spark types; empty while the lake's schema is not compiled. */
  readonly columns: readonly ManifestColumn[];
  readonly sensitivity: Readonly<Record<string, Sensitivity>>;
  /** Sensitivities that each kind of reader may see. */
  readonly readers: Readonly<Record<Reader, readonly Sensitivity[]>>;
}

/** Columns with this prefix are the lake's bookkeeping. */
export const BOOKKEEPING_PREFIX = "_lw_";

/** Every silver table and gold model of the lake. */
export function relations({ definition, manifest }: Lake): Relation[] {
  const readers = {
    tenant: definition.readers?.tenant ?? ["internal"],
    analyst: definition.readers?.analyst ?? ["internal"],
  } as const;
  return [
    ...manifest.tables.map((table) => ({
      layer: "silver" as const,
      name: table.name,
      tenantColumn: table.tenant_column,
      columns: table.columns,
      sensitivity: definition.tables[table.name]?.sensitivity ?? {},
      readers,
    })),
    ...manifest.models.map((model) => ({
      layer: "gold" as const,
      name: model.name,
      tenantColumn: model.tenant_column,
      columns: model.columns,
      sensitivity: definition.models[model.name]?.sensitivity ?? {},
      readers,
    })),
  ];
}

/**
 * SQL condition for the rows that a tenant may read: `"tenant_id" = 3`, or `TRUE` for a relation
 * without tenant. Valid in Lake Formation (PartiQL) and in Trino.
 * @throws UserError when the id is no value of the tenant column's type
 */
export function rowFilter(relation: Relation, tenant: string | number): string {
  const { tenantColumn, layer, name } = relation;
  if (tenantColumn === null) return "TRUE";
  const type = relation.columns.find((column) => column.name === tenantColumn)?.type;
  if (!type) {
    throw new UserError(
      `${layer}.${name} has no compiled column ${tenantColumn}, so its rows cannot be told apart by tenant; compile the lake's schema`,
    );
  }
  return `${quoteIdentifier(tenantColumn)} = ${literal(String(tenant), type, `${layer}.${name}.${tenantColumn}`)}`;
}

function literal(value: string, type: string, column: string): string {
  if (["bigint", "int", "smallint", "tinyint"].includes(type)) {
    if (!/^-?\d{1,19}$/.test(value)) {
      throw new UserError(`tenant "${value}" is no whole number, as ${column} (${type}) holds`);
    }
    return value;
  }
  if (type === "string") return quoteLiteral(value);
  throw new UserError(
    `${column} is of type ${type}; expected a whole number or a string for a tenant's id`,
  );
}

/**
 * The columns that a kind of reader may see, in the relation's order: an explicit list, so that a
 * column added later is not among them. The tenant column always is, for the row filter reads it
 * with the reader's rights.
 */
export function visibleColumns(relation: Relation, reader: Reader): string[] {
  const allowed = relation.readers[reader];
  return relation.columns
    .map(({ name }) => name)
    .filter((name) => !name.startsWith(BOOKKEEPING_PREFIX))
    .filter(
      (name) =>
        name === relation.tenantColumn ||
        allowed.includes(relation.sensitivity[name] ?? "internal"),
    );
}

/** How an engine's SQL writes names. */
const DIALECTS = {
  trino: { identifier: quoteIdentifier, relation: quoteRelation },
  spark: {
    identifier: quoteSparkIdentifier,
    relation: (layer: string, name: string) => `${layer}.${quoteSparkIdentifier(name)}`,
  },
} as const;

/**
 * SQL for the ids of the lake's tenants, one text column `tenant`: those whose own row is in
 * quarantine are tenants too. Null for a lake of one owner.
 */
export function tenantsQuery({ manifest }: Lake, engine: keyof typeof DIALECTS): string | null {
  const { tenancy, tables } = manifest;
  const table = tables.find(({ name }) => name === tenancy?.table);
  if (!table) return null;
  const { identifier, relation } = DIALECTS[engine];
  const id = table.tenant_column ?? (table.key[0] as string);
  const tenant = `CAST(${identifier(id)} AS varchar(100))`;
  const quarantined = table.key.includes(id)
    ? ` UNION SELECT ${tenant} FROM ${relation("quarantine", table.name)} WHERE state = 'quarantined'`
    : "";
  return `SELECT ${tenant} AS tenant FROM ${relation("silver", table.name)}${quarantined}`;
}
