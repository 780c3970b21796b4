import { loadLake } from "../../lakes/load";

const { definition } = loadLake("autocorp");

test("what changes often is in Hudi, reference data and lines are in Delta", () => {
  const formats = Object.entries(definition.tables).map(([name, { format }]) => [
    name,
    format ?? definition.format,
  ]);
  expect(Object.fromEntries(formats)).toEqual({
    auto_parts: "delta",
    customers: "hudi",
    service: "delta",
    service_parts: "delta",
    sales_order: "hudi",
    sales_order_parts: "delta",
    sales_order_services: "delta",
  });
});

test("the lake has one owner, and a change is to be read within fifteen minutes", () => {
  expect(definition.tenancy).toBeNull();
  expect(definition.freshnessMinutes).toEqual({ silver: 15, gold: 15 });
  expect(definition.source).toEqual({ engine: "postgres", database: "autocorp" });
});

test("customers and orders come in files as well, and the database's row stands", () => {
  const files = Object.entries(definition.tables).flatMap(([name, table]) =>
    table.files ? [[name, table.files]] : [],
  );
  expect(Object.fromEntries(files)).toEqual({
    customers: { folder: "customers", precedence: "database" },
    sales_order: { folder: "sales_orders", precedence: "database" },
  });
});

test("a table with a key of two columns is read by both", () => {
  expect(definition.tables.service_parts?.key).toEqual(["service_id", "part_id"]);
});
