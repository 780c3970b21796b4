import { loadLake } from "../../../lakes/load";
import { namedQueries } from "../../../lakes/query-library";
import { athenaSql, layersOf } from "../../../model/aws/athena-sql";
import { catalogTables } from "../../../model/aws/catalog";
import { catalogName } from "../../../model/aws/names";
import { foldersOf } from "../../../model/zones";

const translated = (sql: string, layout: "per-layer" | "single" = "per-layer") =>
  athenaSql(sql, "saas-dev", layout);

test("tables of a layer are those of the environment's database", () => {
  expect(translated('SELECT a FROM silver.core_order JOIN gold."order" USING (id)')).toBe(
    'SELECT a FROM saas_dev_silver.core_order JOIN saas_dev_gold."order" USING (id)',
  );
  expect(translated('SELECT a FROM silver.core_order, gold."order"', "single")).toBe(
    'SELECT a FROM saas_dev.silver_core_order, saas_dev."gold_order"',
  );
});

test("comments, texts, quoted names and columns stay as they are", () => {
  const same = [
    "-- of silver.core_order\nSELECT 1",
    "/* gold.x */ SELECT 'it''s silver.core_order'",
    'SELECT "silver.x", o.silver.y FROM my_silver.z',
  ];
  for (const sql of same) expect(translated(sql)).toBe(sql);
});

test("the layers that a query reads are found, each once", () => {
  expect(layersOf("SELECT 1 FROM gold.a, Bronze.b, gold.c -- silver.d")).toEqual([
    "bronze",
    "gold",
  ]);
  expect(layersOf("SELECT 1")).toEqual([]);
});

test("every table that the saas lake's queries read is in the catalog", () => {
  const { manifest } = loadLake("saas");
  const known = catalogTables(manifest, "e0001", foldersOf(undefined, "per-content")).map(
    ({ layer, name }) => {
      const { database, table } = catalogName("saas-dev", "per-layer", layer, name);
      return `${database}.${table}`;
    },
  );
  const read = namedQueries("saas").flatMap(
    ({ sql }) => translated(sql).match(/saas_dev_\w+\.\w+/g) ?? [],
  );
  expect(read.length).toBeGreaterThan(40);
  expect(read.filter((name) => !known.includes(name))).toEqual([]);
});
