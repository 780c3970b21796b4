import { lakeNames, loadLake } from "../../lakes/load";
import { namedQueries } from "../../lakes/query-library";
import { withoutCommentsAndStrings } from "../../model/sql-references";

/** The queries that a lake has at least, beside the samples of its source tables. */
const LEAST: Readonly<Record<string, number>> = { saas: 24, autocorp: 15 };
const RELATION = /\b(?:FROM|JOIN)\s+([a-z_]+(?:\.[a-z_]+)?)/g;

function relationsOf(sql: string): string[] {
  const text = withoutCommentsAndStrings(sql);
  const own = [...text.matchAll(/\b([a-z_]+) AS \(\n/g)].map(([, name]) => name);
  const read = [...text.matchAll(RELATION)].map(([, name]) => name as string);
  return read.filter((name) => !own.includes(name));
}

describe.each(lakeNames())("the queries of lake %s", (lake) => {
  const { manifest, definition } = loadLake(lake);
  const queries = namedQueries(lake);

  test("sample every source table, and answer from silver and gold", () => {
    const names = queries.map(({ name }) => name);
    const samples = manifest.tables.map(({ name }) => `bronze_${name}`);
    expect(names.filter((name) => name.startsWith("bronze_"))).toEqual(samples.sort());
    expect(names.length - samples.length).toBeGreaterThanOrEqual(LEAST[lake] as number);
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

  test("on silver and gold leave out what tenants may not read", () => {
    const relations = [...Object.values(definition.tables), ...Object.values(definition.models)];
    const hidden = relations.flatMap(({ sensitivity }) =>
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

  test("leave no model unread that no other model reads", () => {
    const read = [
      ...queries.flatMap(({ sql }) => relationsOf(sql)),
      ...manifest.models.flatMap(({ inputs }) => inputs),
    ];
    const unread = manifest.models.filter(({ name }) => !read.includes(`gold.${name}`));
    expect(unread.map(({ name }) => name)).toEqual([]);
  });
});
