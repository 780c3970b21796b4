import type { Sensitivity } from "../definition";
import { UserError } from "../errors";
import { type Reader, type Relation, relations, rowFilter, visibleColumns } from "../isolation";
import type { Lake } from "../lake";
import { CATALOG_LAYERS, type CatalogLayer, type DatabaseLayout } from "./names";

/** What one reader may read of one table, by an explicit list of columns. */
export interface TableGrant {
  readonly layer: "silver" | "gold";
  /** Name of the table or model in the lake. */
  readonly table: string;
  readonly columns: readonly string[];
  /** Condition for the rows of a data cells filter, in PartiQL; null where there is none. */
  readonly rowFilter: string | null;
}

/**
 * What the analysts of one tenant may read: of a table with tenants their own rows, of any other
 * all rows. Tables without compiled columns have no grant.
 * @throws UserError when the lake has no tenants, or when the id is none
 */
export function tenantGrants(lake: Lake, tenant: string): TableGrant[] {
  if (!lake.manifest.tenancy) {
    throw new UserError(
      `tenants: lake ${lake.definition.name} has no tenancy, so it cannot have tenant "${tenant}"; remove it, or define the lake's tenancy`,
    );
  }
  return grants(lake, "tenant", (relation) =>
    relation.tenantColumn === null ? null : rowFilter(relation, tenant),
  );
}

/** What analysts may read across tenants. */
export function analystGrants(lake: Lake): TableGrant[] {
  return grants(lake, "analyst", () => null);
}

function grants(
  lake: Lake,
  reader: Reader,
  rows: (relation: Relation) => string | null,
): TableGrant[] {
  return relations(lake)
    .map((relation) => ({ relation, columns: visibleColumns(relation, reader) }))
    .filter(({ columns }) => columns.length > 0)
    .map(({ relation, columns }) => ({
      layer: relation.layer,
      table: relation.name,
      columns,
      rowFilter: rows(relation),
    }));
}

/** LF-Tags of a database, of a table, or of some of its columns. Columns have those of their table. */
export interface TagAssignment {
  readonly layer: CatalogLayer;
  /** Undefined: the layer's database. */
  readonly table?: string;
  /** Undefined: the table as a whole. */
  readonly columns?: readonly string[];
  readonly tags: { readonly layer?: CatalogLayer; readonly sensitivity?: Sensitivity };
}

/**
 * LF-Tags for layer and sensitivity. Bronze counts as secret throughout: it holds raw what silver
 * hides. In a single database each table says its layer.
 */
export function tagAssignments(lake: Lake, layout: DatabaseLayout): TagAssignment[] {
  const sensitivityOf = (layer: CatalogLayer) => (layer === "bronze" ? "secret" : "internal");
  const places: { layer: CatalogLayer; table?: string }[] =
    layout === "single" ? tablesOf(lake) : CATALOG_LAYERS.map((layer) => ({ layer }));
  return [
    ...places.map((place) => ({
      ...place,
      tags: { layer: place.layer, sensitivity: sensitivityOf(place.layer) } as const,
    })),
    ...relations(lake).flatMap(sensitiveColumns),
  ];
}

function tablesOf(lake: Lake): { layer: CatalogLayer; table: string }[] {
  return [
    ...lake.manifest.tables.map(({ name }) => ({ layer: "bronze" as const, table: name })),
    ...relations(lake)
      .filter(({ columns }) => columns.length > 0)
      .map(({ layer, name }) => ({ layer, table: name })),
  ];
}

function sensitiveColumns({ layer, name, columns, sensitivity }: Relation): TagAssignment[] {
  return (["personal", "secret"] as const)
    .map((kind) => ({
      layer,
      table: name,
      columns: columns
        .map((column) => column.name)
        .filter((column) => sensitivity[column] === kind),
      tags: { sensitivity: kind },
    }))
    .filter((assignment) => assignment.columns.length > 0);
}
