import { createHash } from "node:crypto";

import { BEFORE_IMAGE_PREFIX, CHANGE_COLUMNS } from "../bronze-columns";
import type { Manifest } from "../manifest";

/** A rule of a DMS task's table mappings. */
export interface MappingRule {
  readonly "rule-type": "selection" | "transformation";
  readonly "rule-id": string;
  readonly "object-locator": { readonly "schema-name": string; readonly "table-name": string };
  readonly [parameter: string]: unknown;
}

interface SourceTable {
  readonly schema: string;
  readonly table: string;
}

/**
 * Which tables DMS replicates and which columns it adds to theirs.
 *
 * Names are exact but for DMS's own wildcard `_` (any one character), which names of tables are
 * full of: `core_order` would select `coreXorder` too, to which nothing in the lake listens.
 * Source: AWS DMS user guide, "Using table mapping to specify task settings".
 */
export function tableMappings(manifest: Manifest): { readonly rules: readonly MappingRule[] } {
  return { rules: [...selections(replicatedTables(manifest)), ...ADDED_COLUMNS] };
}

/**
 * The lake's tables and the one that records truncations. Not the heartbeat table: DMS beats the
 * source's heart by itself (the endpoint's HeartbeatEnable), into a table of its own.
 */
function replicatedTables({ tables, control }: Manifest): SourceTable[] {
  return [
    ...tables.map(({ source_schema, source_table }) => ({
      schema: source_schema,
      table: source_table,
    })),
    { schema: control.schema, table: control.truncations },
  ];
}

const [, , SEQUENCE_COLUMN] = CHANGE_COLUMNS;

const EVERY_TABLE = { "schema-name": "%", "table-name": "%" };

/** Columns that DMS adds to every selected table: the order of its changes, and the old key. */
const ADDED_COLUMNS: readonly MappingRule[] = [
  {
    "rule-type": "transformation",
    "rule-id": "1",
    "rule-name": "change-sequence",
    "rule-target": "column",
    "object-locator": EVERY_TABLE,
    "rule-action": "add-column",
    value: SEQUENCE_COLUMN,
    expression: "$AR_H_CHANGE_SEQ",
    "data-type": { type: "string", length: 50 },
  },
  {
    "rule-type": "transformation",
    "rule-id": "2",
    "rule-name": "key-before-change",
    "rule-target": "column",
    "object-locator": EVERY_TABLE,
    "rule-action": "add-before-image-columns",
    "before-image-def": {
      "column-prefix": BEFORE_IMAGE_PREFIX,
      "column-suffix": "",
      "column-filter": "pk-only",
    },
  },
];

/** Selection rules begin at this id; those of added columns are below it. */
const FIRST_ID = 1000;
/** So that ids have nine digits at most, as those that the DMS console gives. */
const IDS = 2 ** 28;

/** One rule a table, with an id that stays when other tables come and go. */
function selections(tables: readonly SourceTable[]): MappingRule[] {
  const ids = ruleIds(tables.map(qualified));
  return tables.map((table) => {
    const id = String(ids.get(qualified(table)));
    return {
      "rule-type": "selection",
      "rule-id": id,
      "rule-name": `include-${id}`,
      "object-locator": { "schema-name": table.schema, "table-name": table.table },
      "rule-action": "include",
      filters: [],
    };
  });
}

function qualified({ schema, table }: SourceTable): string {
  return JSON.stringify([schema, table]);
}

/** Ids by name, from the names' hashes; of two equal ones the later name's moves on by one. */
function ruleIds(names: readonly string[]): Map<string, number> {
  const ids = new Map<string, number>();
  const taken = new Set<number>();
  for (const name of [...new Set(names)].sort()) {
    const hash = createHash("sha256").update(name).digest().readUInt32BE(0);
    let id = FIRST_ID + (hash % IDS);
    while (taken.has(id)) id += 1;
    taken.add(id);
    ids.set(name, id);
  }
  return ids;
}
