import { loadLake } from "../../../lakes/load";
import { controlTables, lakeTables, layOut } from "../../../local/replication/table-layout";
import { type MappingRule, tableMappings } from "../../../model/aws/table-mappings";
import type { Manifest, ManifestTable } from "../../../model/manifest";

const { manifest } = loadLake("saas");

function rulesOf(lake: Manifest, type: MappingRule["rule-type"]): MappingRule[] {
  return tableMappings(lake).rules.filter((rule) => rule["rule-type"] === type);
}

function located(rules: readonly MappingRule[]): string[] {
  return rules.map(({ "object-locator": at }) => `${at["schema-name"]}.${at["table-name"]}`);
}

/** The lake with these tables alone, named by schema and table. */
function lakeOf(...names: readonly string[]): Manifest {
  const tables = names.map((name): ManifestTable => {
    const [source_schema = "", source_table = ""] = name.split(".");
    return { ...manifest.tables[0]!, name: source_table, source_schema, source_table };
  });
  return { ...manifest, tables };
}

test("DMS replicates what the stand-in does: the lake's tables and the truncations", () => {
  const { truncations } = controlTables(manifest);
  const wanted = [...lakeTables(manifest), truncations];
  const selections = rulesOf(manifest, "selection");
  expect(located(selections)).toEqual(wanted.map(({ schema, table }) => `${schema}.${table}`));
  expect(new Set(selections.map((rule) => rule["rule-action"]))).toEqual(new Set(["include"]));
});

test("the columns that DMS adds are named as those that the stand-in writes", () => {
  const rules = rulesOf(manifest, "transformation");
  const added = rules.find((rule) => rule["rule-action"] === "add-column")!;
  const images = rules.find((rule) => rule["rule-action"] === "add-before-image-columns")!;
  expect(rules).toHaveLength(2);
  expect(added).toMatchObject({
    "rule-target": "column",
    expression: "$AR_H_CHANGE_SEQ",
    "data-type": { type: "string", length: 50 },
  });
  expect(images).toMatchObject({
    "rule-target": "column",
    "before-image-def": { "column-suffix": "", "column-filter": "pk-only" },
  });
  const [table] = lakeTables(lakeOf("public.t"));
  const id = { name: "id", typeOid: 20, typeModifier: -1, typeName: "bigint" };
  const written = layOut({ ...table!, key: ["id"] }, [id]).columns.map(({ name }) => name);
  const { "column-prefix": prefix } = images["before-image-def"] as Record<string, string>;
  expect(written).toEqual(["Op", "dms_timestamp", added.value, "id", `${prefix}id`]);
});

test("added columns are for every selected table", () => {
  expect(new Set(located(rulesOf(manifest, "transformation")))).toEqual(new Set(["%.%"]));
});

test("a table added in the middle leaves the rules of the others as they are", () => {
  const before = tableMappings(lakeOf("public.a", "public.c")).rules;
  const after = tableMappings(lakeOf("public.a", "public.b", "public.c")).rules;
  const added = after.filter((rule) => rule["object-locator"]["table-name"] === "b");
  expect(added).toHaveLength(1);
  expect(after.filter((rule) => rule !== added[0])).toEqual(before);
});

test("rule ids are numbers of nine digits at most, each once, in a lake of 2,000 tables", () => {
  const names = Array.from({ length: 2000 }, (_, index) => `public.t${index}`);
  const ids = tableMappings(lakeOf(...names)).rules.map((rule) => rule["rule-id"]);
  expect(new Set(ids).size).toBe(2003);
  expect(ids.filter((id) => !/^[1-9]\d{0,8}$/.test(id))).toEqual([]);
});
