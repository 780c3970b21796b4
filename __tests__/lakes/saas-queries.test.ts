import { loadLake } from "../../lakes/load";
import { namedQueries } from "../../lakes/query-library";
import { withoutCommentsAndStrings } from "../../model/sql-references";

const { manifest, definition } = loadLake("saas");
const queries = namedQueries("saas");
const RELATION = /\b(?:FROM|JOIN)\s+([a-z_]+(?:\.[a-z_]+)?)/g;

function relationsOf(sql: string): string[] {
  const text = withoutCommentsAndStrings(sql);
  const own = [...text.matchAll(/\b([a-z_]+) AS \(\n/g)].map(([, name]) => name);
  const read = [...text.matchAll(RELATION)].map(([, name]) => name as string);
  return read.filter((name) => !own.includes(name));
}

test("every source table has a sample query, and silver and gold have at least 24", () => {
  const names = queries.map(({ name }) => name);
  const samples = manifest.tables.map(({ name }) => `bronze_${name}`);
  expect(names.filter((name) => name.startsWith("bronze_"))).toEqual(samples.sort());
  expect(names.length - samples.length).toBeGreaterThanOrEqual(24);
});

test.each(queries)("$name reads relations of the lake by their full names", ({ sql }) => {
  const known = [
    ...manifest.tables.flatMap(({ name }) => [`bronze.${name}`, `silver.${name}`]),
    ...manifest.models.map(({ name }) => `gold.${name}`),
  ];
  const relations = relationsOf(sql);
  expect(relations).not.toEqual([]);
  expect(relations.filter((name) => !known.includes(name))).toEqual([]);
});

test.each(queries)("$name names its columns and orders its rows", ({ sql }) => {
  const text = withoutCommentsAndStrings(sql);
  expect(text).not.toMatch(/SELECT\s+(\w+\.)?\*/);
  expect(text).toMatch(/\nORDER BY [\w.,() ]+(\nLIMIT \d+)?$/);
});

test("queries on silver and gold leave out what tenants may not read", () => {
  const hidden = Object.values(definition.tables).flatMap(({ sensitivity }) =>
    Object.entries(sensitivity ?? {}).flatMap(([column, kind]) =>
      kind === "internal" ? [] : column,
    ),
  );
  expect(hidden).toContain("email");
  const word = new RegExp(`\\b(${hidden.join("|")})\\b`);
  const readers = queries
    .filter(({ name }) => !name.startsWith("bronze_"))
    .filter(({ sql }) => word.test(withoutCommentsAndStrings(sql)))
    .map(({ name }) => name);
  expect(readers).toEqual([]);
});

test("every model is answered by a query or read by another model", () => {
  const read = [
    ...queries.flatMap(({ sql }) => relationsOf(sql)),
    ...manifest.models.flatMap(({ inputs }) => inputs),
  ];
  const unread = manifest.models.filter(({ name }) => !read.includes(`gold.${name}`));
  expect(unread.map(({ name }) => name)).toEqual([]);
});
