import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { lakeNames, loadLake, loadUncompiledLake } from "../../lakes/load";
import { columnProblems } from "../../model/compiled-columns";

const checkout = mkdtempSync(join(tmpdir(), "lakewright-checkout-"));
afterAll(() => rmSync(checkout, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(join(checkout, path, ".."), { recursive: true });
  writeFileSync(join(checkout, path), text);
}

const definition = (name: string, more = "") => `export default {
  name: "${name}", description: "Things", source: { engine: "postgres", database: "d" },
  tenancy: null, models: {},
  tables: { thing: { description: "A thing", key: ["id"], columns: { id: "bigint" }${more} } },
};`;

test("a lake has the name of its folder, for its state goes by the one and its SQL by the other", () => {
  write("lakes/saas/lake.ts", definition("saas"));
  write("lakes/shop/lake.ts", definition("saas"));
  expect(lakeNames(checkout)).toEqual(["saas", "shop"]);
  expect(loadLake("saas", checkout).definition.name).toBe("saas");
  expect(() => loadLake("shop", checkout)).toThrow(
    'the definition of lake "shop" has 1 mistake:\n  name: is "saas"; expected "shop", the name of the folder under lakes/',
  );
  expect(() => loadUncompiledLake("shop", checkout)).toThrow('name: is "saas"');
  expect(() => loadLake("store", checkout)).toThrow('there is no lake "store"');
});

test("a column that SQL and definition have and schema.json does not yet keeps no lake from being compiled", () => {
  write("lakes/parts/lake.ts", definition("parts", ', partitionBy: ["month"]'));
  write("sql/parts/silver/thing.sql", "SELECT id, '2026-01' AS month FROM thing");
  const id = { name: "id", type: "bigint" };
  const stale = { tables: { thing: [id] }, models: {} };
  write("lakes/parts/schema.json", JSON.stringify(stale));
  expect(() => loadLake("parts", checkout)).toThrow(
    'tables.thing.partitionBy: "month" is no column of the result; expected one of id; if its SQL has it by now, run ./lake compile --lake parts',
  );
  const lake = loadUncompiledLake("parts", checkout);
  expect(lake.manifest.tables[0]).toMatchObject({ partition_by: ["month"], columns: [] });
  const month = { name: "month", type: "string" };
  const compiled = { tables: { thing: [id, month] }, models: {} };
  expect(columnProblems(lake.definition, compiled)).toEqual([]);
  expect(columnProblems(lake.definition, stale)).toHaveLength(1);
  write("lakes/parts/schema.json", JSON.stringify(compiled));
  expect(loadLake("parts", checkout).manifest.tables[0]?.columns).toEqual([id, month]);
});
