import { loadLake } from "../../../lakes/load";
import { analystGrants, tagAssignments, tenantGrants } from "../../../model/aws/grants";
import { relations, rowFilter, visibleColumns } from "../../../model/isolation";
import { tenantUser, trinoAccessRules } from "../../../model/trino-rules";
import { shopLake } from "../../components/lake-fixtures";

const lake = shopLake();

test("a tenant reads its own rows of explicit columns, and all rows of what is everybody's", () => {
  expect(tenantGrants(lake, "3")).toEqual([
    { layer: "silver", table: "tenants", columns: ["id"], rowFilter: '"id" = 3' },
    {
      layer: "silver",
      table: "orders",
      columns: ["id", "tenant_id", "month"],
      rowFilter: '"tenant_id" = 3',
    },
    { layer: "silver", table: "countries", columns: ["code"], rowFilter: null },
    {
      layer: "gold",
      table: "revenue",
      columns: ["tenant_id", "orders"],
      rowFilter: '"tenant_id" = 3',
    },
    { layer: "gold", table: "calendar", columns: ["day"], rowFilter: null },
  ]);
});

test("analysts read every row, of the columns that they may see", () => {
  const grants = analystGrants(lake);
  expect(grants.map(({ rowFilter: filter }) => filter)).toEqual([null, null, null, null, null]);
  expect(grants[1]!.columns).toEqual(["id", "tenant_id", "email", "month"]);
});

test("an id that is none of the tenant column's, or a tenant of a lake without, is refused", () => {
  expect(() => tenantGrants(lake, "1 OR TRUE")).toThrow('tenant "1 OR TRUE" is no whole number');
  const manifest = { ...lake.manifest, tenancy: null };
  expect(() => tenantGrants({ ...lake, manifest }, "3")).toThrow(
    'lake shop has no tenancy, so it cannot have tenant "3"',
  );
});

test("filters and columns are the same that the laptop's rules give", () => {
  const saas = loadLake("saas");
  const { tables } = trinoAccessRules([{ lake: saas, tenants: ["3"] }]) as {
    tables: { user: string; schema?: string; table?: string; filter?: string }[];
  };
  const ofTenant = tables.filter(({ user, filter }) => user === tenantUser("3") && filter);
  expect(
    tenantGrants(saas, "3")
      .filter((grant) => grant.rowFilter !== null)
      .map(({ layer, table, rowFilter: filter }) => [layer, table, filter]),
  ).toEqual(ofTenant.map(({ schema, table, filter }) => [schema, table, filter]));
  for (const relation of relations(saas)) {
    const grant = tenantGrants(saas, "3").find(
      ({ layer, table }) => layer === relation.layer && table === relation.name,
    )!;
    expect(grant.columns).toEqual(visibleColumns(relation, "tenant"));
    if (relation.tenantColumn) expect(grant.rowFilter).toBe(rowFilter(relation, "3"));
  }
});

test("tags say a database's layer, and which columns are more than internal", () => {
  expect(tagAssignments(lake, "per-layer")).toEqual([
    { layer: "bronze", tags: { layer: "bronze", sensitivity: "secret" } },
    { layer: "silver", tags: { layer: "silver", sensitivity: "internal" } },
    { layer: "gold", tags: { layer: "gold", sensitivity: "internal" } },
    { layer: "silver", table: "orders", columns: ["email"], tags: { sensitivity: "personal" } },
    { layer: "silver", table: "orders", columns: ["token"], tags: { sensitivity: "secret" } },
  ]);
});

test("in a single database each table says its layer", () => {
  const tables = tagAssignments(lake, "single").filter(({ columns }) => !columns);
  expect(tables.map(({ layer, table, tags }) => [layer, table, tags.layer])).toEqual([
    ["bronze", "tenants", "bronze"],
    ["bronze", "orders", "bronze"],
    ["bronze", "countries", "bronze"],
    ["silver", "tenants", "silver"],
    ["silver", "orders", "silver"],
    ["silver", "countries", "silver"],
    ["gold", "revenue", "gold"],
    ["gold", "calendar", "gold"],
  ]);
});
