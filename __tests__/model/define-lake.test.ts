import { UNCOMPILED } from "../../model/compiled-columns";
import { DefinitionError } from "../../model/define-lake";
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
const files = { silver: {}, gold, schema: UNCOMPILED };

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
  const withTeam = { ...files, gold: { team: "SELECT id FROM silver.note" } };
  expect(mistakes(() => assembleLake(wrong, withTeam))).toEqual([
    'tables.note.columns.id: type "number" is not a PostgreSQL type that the lake can carry; declare an enumeration or other type as text',
    'tables.note.columns.price: "numeric" needs precision and scale, such as numeric(12,2): DMS would round it to six decimals',
    'tenancy.table: "teams" is no table of the lake; expected team, note, note_copy',
    "tables.note_copy: reads public.note, which tables.note reads already",
    'tables.note.key[0]: "nr" is no column of the table; expected id, price',
    "models.team: has the name of a table; expected a name of its own",
    'models.team.touched["silver.x"]: is no table or model of the lake; expected silver.<table> or gold.<model>',
  ]);
});

test("an unknown property is a mistake, not ignored", () => {
  const wrong = { ...notes, tabels: {} } as LakeDefinition;
  expect(mistakes(() => assembleLake(wrong, files))).toEqual([
    'definition: Unrecognized key: "tabels"',
  ]);
});

test("a setting of the wrong shape hides no mistake of the others, nor of the SQL", () => {
  const { team, note } = notes.tables as Required<typeof notes.tables>;
  const wrong = {
    ...notes,
    historyDays: 0,
    tables: {
      team: { ...team, key: "id" },
      note: {
        ...note,
        columns: { ...note!.columns, Body: "text", due: "day" },
        partitionBy: ["team_id"],
      },
      tag: { ...note, sourceTable: "tags", key: ["nr"], buckets: "3" },
    },
    models: { ...notes.models, trend: { description: "x", grain: ["a", "a"], refreshBy: "all" } },
  } as unknown as LakeDefinition;
  const silver = { note: "SELECT DISTINCT id FROM note" };
  expect(mistakes(() => assembleLake(wrong, { ...files, silver }))).toEqual([
    "historyDays: Too small: expected number to be >=1",
    "tables.team.key: Invalid input: expected array, received string",
    "tables.note.columns.Body: expected a lower-case name of letters, digits and _, starting with a letter",
    'tables.note.columns.due: type "day" is not a PostgreSQL type that the lake can carry; declare an enumeration or other type as text',
    "tables.tag.buckets: Invalid input: expected number, received string",
    'models.trend.refreshBy: expected columns of the result, or "rebuild"',
    'tables.note.partitionBy[0]: "team_id" holds the tenant; storage is never partitioned by tenant, for paths are visible',
    'tables.tag.key[0]: "nr" is no column of the table; expected id, team_id, price, body',
    'models.trend.grain[1]: names "a" again',
    "sql/notes/silver/note.sql: must not be DISTINCT: one source row in, one row out",
    "models.trend: sql/notes/gold/trend.sql does not exist",
  ]);
});

test("zones are folders apart from each other, {format} at the end of the tables' alone", () => {
  const zones = { database: "_raw", files: "csv/{format}", silver: "{format}/a", gold: "gold/x" };
  expect(mistakes(() => assembleLake({ ...notes, zones }, files))).toEqual([
    "zones.database: expected folders of lower-case letters, digits, _, . and -, with / between them",
    "zones.files: expected folders of lower-case letters, digits, _, . and -, with / between them",
    "zones.silver: expected folders of lower-case letters, digits, _, . and -, with / between them; {format} may be the last one",
  ]);
  const nested = { database: "raw", files: "raw/csv" };
  expect(mistakes(() => assembleLake({ ...notes, zones: nested }, files))).toEqual([
    'zones.files: "raw/csv" and "raw" of database lie in one another; expected a folder of its own',
  ]);
});

test("tables that are no tables leave nothing else to check", () => {
  const wrong = { ...notes, tables: [] } as unknown as LakeDefinition;
  expect(mistakes(() => assembleLake(wrong, files))).toEqual([
    "tables: Invalid input: expected record, received array",
  ]);
});

test("names that replication needs, repeated columns and a tenant of two columns are mistakes", () => {
  const wrong: LakeDefinition = {
    ...notes,
    tables: {
      team: {
        ...notes.tables.team!,
        key: ["id", "region"],
        columns: { id: "int", region: "text" },
      },
      note: {
        ...notes.tables.note!,
        key: ["id", "id"],
        partitionBy: ["month", "month"],
        columns: { id: "bigint", op: "text", bi_id: "text", bi_op: "text" },
      },
    },
    models: {
      notes_per_team: {
        description: "x",
        grain: ["team_id"],
        refreshBy: ["month", "month"],
        partitionBy: ["team_id"],
      },
    },
  };
  const taken =
    "is the name of a column that replication writes; rename it in the source, or leave it out of the definition and set evolution to strict";
  expect(mistakes(() => assembleLake(wrong, files))).toEqual([
    "tables.team.key: lists the tenants by 2 columns (id, region); expected one, the tenant's id",
    'tables.note.key[1]: names "id" again',
    `tables.note.columns.op: ${taken}`,
    `tables.note.columns.bi_id: ${taken}`,
    'tables.note.partitionBy[1]: names "month" again',
    'models.notes_per_team.refreshBy[1]: names "month" again',
    'models.notes_per_team.partitionBy[0]: "team_id" holds the tenant; storage is never partitioned by tenant, for paths are visible',
  ]);
  expect(
    mistakes(() =>
      assembleLake({ ...notes, tenancy: null, tables: {}, models: {} }, { ...files, gold: {} }),
    ),
  ).toEqual(["tables: expected at least one table"]);
});

test("the manifest holds the defaults and follows its own schema", () => {
  const { manifest } = assembleLake(notes, files);
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
    files: null,
    sql: "SELECT\n  `id`,\n  `team_id`,\n  `price`,\n  `body`\nFROM `note`\n",
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
  expect(assembleLake(notes, files).manifest.max_lob_kb).toBe(0);
  expect(assembleLake(cutAfter(32), files).manifest.max_lob_kb).toBe(32);
  for (const wrong of [0, 1.5, 102_401]) {
    expect(mistakes(() => assembleLake(cutAfter(wrong), files))).toEqual([
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
  const trend = "SELECT team_id, notes FROM gold.`notes_per_team`";
  const { manifest } = assembleLake(definition, { ...files, gold: { ...gold, trend } });
  expect(manifest.models.map((model) => model.name)).toEqual(["notes_per_team", "trend"]);
});

test("mistakes in the SQL beside a definition name the file", () => {
  const silver = { note: "SELECT id FROM note WHERE id > 3", ghost: "SELECT 1 FROM ghost" };
  const wrong = { notes_per_team: "SELECT 1 FROM silver.nothing JOIN gold.notes_per_team" };
  expect(mistakes(() => assembleLake(notes, { ...files, silver, gold: wrong }))).toEqual([
    "sql/notes/silver/note.sql: must end with FROM note, with nothing after it",
    'sql/notes/silver/ghost.sql: no table "ghost" is defined',
    "sql/notes/gold/notes_per_team.sql: reads silver.nothing, which the lake does not have",
    "sql/notes/gold/notes_per_team.sql: reads itself in a circle: notes_per_team → notes_per_team",
  ]);
});

test("columns that the compiled result does not have are mistakes", () => {
  const id = { name: "id", type: "bigint" };
  const schema = { tables: { note: [id], team: [id] }, models: {} };
  expect(mistakes(() => assembleLake(notes, { ...files, schema }))).toEqual([
    'tables.note.tenantColumn: "team_id" is no column of the result; expected one of id; if its SQL has it by now, run ./lake compile --lake notes',
  ]);
});

test("files of a table come to the manifest with every setting", () => {
  const note = { ...notes.tables.note!, files: { headers: { id: "Note No" } } };
  const { manifest } = assembleLake({ ...notes, tables: { ...notes.tables, note } }, files);
  expect(manifest.tables.map((table) => table.files)).toEqual([
    null,
    { folder: "note", delimiter: ",", headers: { "Note No": "id" }, precedence: "database" },
  ]);
});

test("mistakes in a table's files are named with their places", () => {
  const { team, note } = notes.tables;
  const wrong: LakeDefinition = {
    ...notes,
    tables: {
      team: { ...team!, files: { folder: "in" } },
      note: {
        ...note!,
        columns: { ...note!.columns, tags: "text[]" },
        files: { folder: "in", headers: { nr: "No" } },
      },
      note_lines: { ...note!, sourceTable: "note_lines" },
      other: { ...note!, sourceTable: "other", files: { folder: "../up", delimiter: ";;" } },
    },
  };
  expect(mistakes(() => assembleLake(wrong, files))).toEqual([
    "tables.other.files.folder: expected the name of a folder, of letters, digits, -, _ and ., begun with neither _ nor .",
    "tables.other.files.delimiter: expected one character",
    "tables.note.files.headers.nr: is no column of the table; expected id, team_id, price, body, tags",
    "tables.note.columns.tags: is text[], which a CSV file cannot hold; leave out files",
    'tables.note.files.folder: "in" is read by tables.team already',
    "tables.note_lines: is where lines of note's files go that cannot be read",
  ]);
});
