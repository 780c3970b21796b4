import { relations, rowFilter, tenantsQuery, visibleColumns } from "../../model/isolation";
import { assembleLake, type Lake } from "../../model/lake";
import { isUserName, tenantUser, trinoAccessRules } from "../../model/trino-rules";

function lakeOf(idType = "bigint", name = "shop"): Lake {
  return assembleLake(
    {
      name,
      description: "A shop",
      source: { engine: "postgres", database: "shop" },
      tenancy: { column: "tenant_id", table: "tenants" },
      readers: { analyst: ["internal", "personal"] },
      tables: {
        tenants: {
          description: "A client",
          key: ["id"],
          tenantColumn: "id",
          columns: { id: "bigint" },
        },
        orders: {
          description: "An order",
          key: ["id"],
          columns: { id: "bigint", tenant_id: "bigint" },
          sensitivity: { email: "personal", token: "secret", tenant_id: "secret" },
        },
        countries: {
          description: "A country",
          key: ["code"],
          columns: { code: "text" },
          tenantColumn: null,
        },
      },
      models: {
        revenue: { description: "Revenue", grain: ["tenant_id"], refreshBy: ["tenant_id"] },
      },
    },
    {
      silver: {},
      gold: { revenue: "SELECT tenant_id, count(*) AS n FROM silver.orders GROUP BY tenant_id" },
      schema: {
        tables: {
          tenants: [{ name: "id", type: idType }],
          orders: ["id", "tenant_id", "email", "token", "_lw_deleted"].map((column) => ({
            name: column,
            type: column === "tenant_id" ? idType : "string",
          })),
          countries: [{ name: "code", type: "string" }],
        },
        models: {
          revenue: [
            { name: "tenant_id", type: idType },
            { name: "n", type: "bigint" },
          ],
        },
      },
    },
  );
}

const relation = (name: string, lake = lakeOf()) =>
  relations(lake).find((each) => each.name === name)!;

describe("rowFilter", () => {
  test("names the tenant in the tenant column's own type", () => {
    expect(rowFilter(relation("orders"), 3)).toBe('"tenant_id" = 3');
    expect(rowFilter(relation("tenants"), "3")).toBe('"id" = 3');
    expect(rowFilter(relation("revenue"), "-7")).toBe('"tenant_id" = -7');
    expect(rowFilter(relation("orders", lakeOf("string")), "acme")).toBe(`"tenant_id" = 'acme'`);
  });

  test("escapes quotes and lets nothing else into the expression", () => {
    const texts = relation("orders", lakeOf("string"));
    expect(rowFilter(texts, "o'brien' OR 1=1 --")).toBe(`"tenant_id" = 'o''brien'' OR 1=1 --'`);
    for (const id of ["3 OR 1=1", "", "3.0", "1e3", "' OR ''='"]) {
      expect(() => rowFilter(relation("orders"), id)).toThrow(`tenant "${id}" is no whole number`);
    }
  });

  test("is TRUE where every tenant reads every row", () => {
    expect(rowFilter(relation("countries"), 3)).toBe("TRUE");
  });

  test("refuses a tenant column that is not compiled or of a type that names no tenant", () => {
    expect(() => rowFilter({ ...relation("orders"), columns: [] }, 3)).toThrow(
      "silver.orders has no compiled column tenant_id",
    );
    expect(() => rowFilter(relation("orders", lakeOf("double")), 3)).toThrow(
      "silver.orders.tenant_id is of type double",
    );
  });
});

describe("visibleColumns", () => {
  test("leaves out sensitive and bookkeeping columns, but never the tenant's", () => {
    expect(visibleColumns(relation("orders"), "tenant")).toEqual(["id", "tenant_id"]);
    expect(visibleColumns(relation("orders"), "analyst")).toEqual(["id", "tenant_id", "email"]);
    expect(visibleColumns(relation("countries"), "tenant")).toEqual(["code"]);
  });

  test("is empty before the schema is compiled", () => {
    expect(visibleColumns({ ...relation("orders"), columns: [] }, "tenant")).toEqual([]);
  });
});

test("tenantsQuery finds tenants whose own row is in quarantine, too", () => {
  expect(tenantsQuery(lakeOf(), "trino")).toBe(
    `SELECT CAST("id" AS varchar(100)) AS tenant FROM silver."tenants" UNION SELECT CAST("id" AS varchar(100)) FROM quarantine."tenants" WHERE state = 'quarantined'`,
  );
  expect(tenantsQuery(lakeOf(), "spark")).toBe(
    "SELECT CAST(`id` AS varchar(100)) AS tenant FROM silver.`tenants` UNION SELECT CAST(`id` AS varchar(100)) FROM quarantine.`tenants` WHERE state = 'quarantined'",
  );
});

test("every tenant's id gives a user's name of its own, without anything a rule could take for a pattern", () => {
  expect(tenantUser("a.b-c@d_1")).toBe("tenant_a.b-c@d_1");
  expect(tenantUser("Acme & Co")).toBe("tenant_Acme%20%26%20Co");
  expect(tenantUser("Łódź")).toBe("tenant_%C5%81%C3%B3d%C5%BA");
  const ids = [
    "a|b",
    ".*",
    "a b",
    "a%20b",
    "(x)",
    "^$",
    "[a]",
    "a\\b",
    "a+b",
    "😀",
    "a\nb",
    "'",
    "%",
    "",
  ];
  const users = ids.map(tenantUser);
  expect(new Set(users).size).toBe(ids.length);
  for (const user of users) expect(user).toMatch(/^tenant_[\w.@%-]*$/);
  expect(users.every(isUserName)).toBe(true);
  expect(
    ["admin", "analyst", "tenant_3", "root", "tenant3", "tenant_3|admin", "tenant_a%2"].map(
      isUserName,
    ),
  ).toEqual([true, true, true, false, false, false, false]);
});

describe("trinoAccessRules", () => {
  interface Rule {
    readonly user: string;
    readonly catalog?: string;
    readonly schema?: string;
    readonly table?: string;
    readonly filter?: string;
    readonly columns?: readonly { readonly name: string; readonly allow: boolean }[];
  }
  const rules = (storedColumns: Record<string, string[]> = {}) =>
    trinoAccessRules([{ lake: lakeOf("string"), tenants: [1, "b.c"], storedColumns }]) as Record<
      string,
      Rule[]
    >;

  test("give each tenant its rows of each table in all three catalogs, and shared tables once", () => {
    const tables = rules().tables!.slice(1);
    expect(
      tables.map(({ user, schema, table, filter }) => [user, `${schema}.${table}`, filter]),
    ).toEqual([
      ["analyst", "silver.tenants", undefined],
      ["tenant_1", "silver.tenants", `"id" = '1'`],
      ["tenant_b\\.c", "silver.tenants", `"id" = 'b.c'`],
      ["analyst", "silver.orders", undefined],
      ["tenant_1", "silver.orders", `"tenant_id" = '1'`],
      ["tenant_b\\.c", "silver.orders", `"tenant_id" = 'b.c'`],
      ["analyst", "silver.countries", undefined],
      ["tenant_1|tenant_b\\.c", "silver.countries", undefined],
      ["analyst", "gold.revenue", undefined],
      ["tenant_1", "gold.revenue", `"tenant_id" = '1'`],
      ["tenant_b\\.c", "gold.revenue", `"tenant_id" = 'b.c'`],
    ]);
    expect(new Set(tables.map(({ catalog }) => catalog))).toEqual(new Set(["shop(_hudi|_delta)?"]));
  });

  test("deny sensitive, bookkeeping, hidden and unknown stored columns by name", () => {
    const denied = (user: string, stored?: Record<string, string[]>) =>
      rules(stored)
        .tables!.find((rule) => rule.user === user && rule.table === "orders")!
        .columns!.map(({ name }) => name);
    const always = [
      "_lw_order",
      "_lw_committed_at",
      "$path",
      "$file_size",
      "$file_modified_time",
      "$partition",
      "$bucket",
      "$row_id",
    ];
    expect(denied("tenant_1").sort()).toEqual(
      ["email", "token", "_lw_deleted", "_lw_file", "_lw_line", ...always].sort(),
    );
    expect(denied("analyst").sort()).toEqual(
      ["token", "_lw_deleted", "_lw_file", "_lw_line", ...always].sort(),
    );
    expect(denied("tenant_1", { "silver.orders": ["id", "Channel"] })).toContain("channel");
  });

  test("leave everything but reading the lake to the admin", () => {
    const { catalogs, queries, functions, procedures, schemas } = rules();
    expect(catalogs).toEqual([
      { user: "admin", allow: "all" },
      { user: "analyst|tenant_1|tenant_b\\.c", catalog: "shop(_hudi|_delta)?", allow: "read-only" },
    ]);
    expect(queries).toEqual([
      { user: "admin", allow: ["execute", "kill", "view"] },
      { user: "analyst|tenant_1|tenant_b\\.c", allow: ["execute"] },
    ]);
    expect([functions, procedures].flat().map((rule) => rule?.user)).toEqual(["admin", "admin"]);
    expect(schemas).toEqual([{ user: "admin", owner: true }, { owner: false }]);
  });

  test("show a relation without compiled columns to nobody but the admin", () => {
    const lake = lakeOf();
    const bare = {
      ...lake,
      manifest: {
        ...lake.manifest,
        tables: lake.manifest.tables.map((table) => ({ ...table, columns: [] })),
      },
    };
    const { tables } = trinoAccessRules([{ lake: bare, tenants: [1] }]) as { tables: Rule[] };
    expect(tables.slice(1).map(({ table }) => table)).toEqual(["revenue", "revenue"]);
  });

  test("a tenant of one lake has no rights in another", () => {
    const { catalogs } = trinoAccessRules([
      { lake: lakeOf(), tenants: [1] },
      { lake: lakeOf("bigint", "other"), tenants: [2] },
    ]) as { catalogs: Rule[] };
    expect(catalogs.slice(1)).toEqual([
      { user: "analyst|tenant_1", catalog: "shop(_hudi|_delta)?", allow: "read-only" },
      { user: "analyst|tenant_2", catalog: "other(_hudi|_delta)?", allow: "read-only" },
    ]);
  });
});
