import { defineLake, DefinitionError } from "../../model/define-lake";
import type { LakeDefinition } from "../../model/definition";
import { assembleLake } from "../../model/lake";
import { manifestSchema } from "../../model/manifest";

const notes: LakeDefinition = {
  name: "notes",
  description: "Notes of several teams",
  source: { engine: "postgres", database: "notes" },
  tenancy: { column: "team_id", table: "team" },
  tables: {
    team: { description: "A team", key: ["id"], tenantColumn: "id", columns: { id: "bigint" } },
    note: {
      description: "A note",
      key: ["id"],
      columns: { id: "bigint", team_id: "bigint", price: "numeric(10,2)", body: "text" },
      rules: { body_present: { check: "body <> ''", reason: "body is empty" } },
    },
  },
  models: {
    notes_per_team: { description: "Notes of a team", grain: ["team_id"], refreshBy: ["team_id"] },
  },
};
const gold = {
  notes_per_team:
    "-- grain: team_id, not silver.nothing\nSELECT team_id, count(*) AS notes FROM silver.note GROUP BY team_id",
};
const noSchema = { tables: {}, models: {} };

function mistakes(action: () => unknown): string[] {
  try {
    action();
  } catch (error) {
    if (error instanceof DefinitionError) {
      return error.problems.map(({ path, problem }) => `${path}: ${problem}`);
    }
    throw error;
  }
  return [];
}

test("a definition without mistakes comes back as it is", () => {
  expect(defineLake(notes)).toBe(notes);
});

test("every mistake is reported at once with its path and what was expected", () => {
  const wrong: LakeDefinition = {
    ...notes,
    tenancy: { column: "team_id", table: "teams" },
    tables: {
      ...notes.tables,
      note: { ...notes.tables.note!, key: ["nr"], columns: { id: "number", price: "numeric" } },
      note_copy: { ...notes.tables.note!, sourceTable: "note" },
    },
    models: {
      team: {
        description: "x",
        grain: ["id"],
        refreshBy: ["id"],
        touched: { "silver.x": "SELECT 1" },
      },
    },
  };
  expect(mistakes(() => defineLake(wrong))).toEqual([
    'tenancy.table: "teams" is no table of the lake; expected team, note, note_copy',
    "tables.note_copy: reads public.note, which tables.note reads already",
    'tables.note.columns.id: type "number" is not a PostgreSQL type that the lake can carry',
    'tables.note.columns.price: "numeric" needs precision and scale, such as numeric(12,2): DMS would round it to six decimals',
    'tables.note.key[0]: "nr" is no column of the table; expected id, price',
    "models.team: has the name of a table; expected a name of its own",
    'models.team.touched["silver.x"]: is no table or model of the lake; expected silver.<table> or gold.<model>',
  ]);
});

test("an unknown property is a mistake, not ignored", () => {
  const wrong = { ...notes, tabels: {} } as LakeDefinition;
  expect(mistakes(() => defineLake(wrong))).toEqual(['definition: Unrecognized key: "tabels"']);
});

test("the manifest holds the defaults and follows its own schema", () => {
  const { manifest } = assembleLake(notes, { silver: {}, gold, schema: noSchema });
  expect(manifestSchema.parse(manifest)).toEqual(manifest);
  expect(manifest.tables[1]).toEqual({
    name: "note",
    description: "A note",
    source_schema: "public",
    source_table: "note",
    key: ["id"],
    source_columns: [
      { name: "id", type: "bigint" },
      { name: "team_id", type: "bigint" },
      { name: "price", type: "decimal(10,2)" },
      { name: "body", type: "string" },
    ],
    sql: "SELECT\n  id,\n  team_id,\n  price,\n  body\nFROM note\n",
    format: "hudi",
    partition_by: [],
    buckets: 1,
    tenant_column: "team_id",
    deletes: "hard",
    evolution: "additive",
    rules: [{ name: "body_present", check: "body <> ''", reason: "body is empty" }],
    quality: [],
    columns: [],
  });
  expect(manifest.models[0]).toMatchObject({ inputs: ["silver.note"], uses_today: false });
});

test("large values are cut only where the definition says after how many KB", () => {
  const cutAfter = (maxLobKb: number): LakeDefinition => ({
    ...notes,
    source: { ...notes.source, maxLobKb },
  });
  const files = { silver: {}, gold, schema: noSchema };
  expect(assembleLake(notes, files).manifest.max_lob_kb).toBe(0);
  expect(assembleLake(defineLake(cutAfter(32)), files).manifest.max_lob_kb).toBe(32);
  for (const wrong of [0, 1.5, 102_401]) {
    expect(mistakes(() => defineLake(cutAfter(wrong)))).toEqual([
      expect.stringMatching(/^source\.maxLobKb: (Too|Invalid)/),
    ]);
  }
});

test("models come after the models they read", () => {
  const definition: LakeDefinition = {
    ...notes,
    models: {
      trend: { description: "Growth", grain: ["team_id"], refreshBy: ["team_id"] },
      ...notes.models,
    },
  };
  const files = { ...gold, trend: "SELECT team_id, notes FROM gold.notes_per_team" };
  const { manifest } = assembleLake(definition, { silver: {}, gold: files, schema: noSchema });
  expect(manifest.models.map((model) => model.name)).toEqual(["notes_per_team", "trend"]);
});

test("mistakes in the SQL beside a definition name the file", () => {
  const silver = { note: "SELECT id FROM note WHERE id > 3", ghost: "SELECT 1 FROM ghost" };
  const wrong = { notes_per_team: "SELECT 1 FROM silver.nothing JOIN gold.notes_per_team" };
  expect(mistakes(() => assembleLake(notes, { silver, gold: wrong, schema: noSchema }))).toEqual([
    "sql/notes/silver/note.sql: must end with FROM note, with nothing after it",
    'sql/notes/silver/ghost.sql: no table "ghost" is defined',
    "sql/notes/gold/notes_per_team.sql: reads silver.nothing, which the lake does not have",
    "sql/notes/gold/notes_per_team.sql: reads itself in a circle: notes_per_team → notes_per_team",
  ]);
});

test("columns that the compiled result does not have are mistakes", () => {
  const id = { name: "id", type: "bigint" };
  const schema = { tables: { note: [id], team: [id] }, models: {} };
  expect(mistakes(() => assembleLake(notes, { silver: {}, gold, schema }))).toEqual([
    'tables.note.tenantColumn: "team_id" is no column of the result; expected one of id',
  ]);
});
