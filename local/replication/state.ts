import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { z } from "zod";

import { UserError } from "../../model/errors";
import { publicationName } from "../source/prepare";
import { writeDurably } from "./bronze";

const tableState = z.strictObject({
  /** Epoch that holds the table's load and takes its changes. */
  epoch: z.int().positive(),
  /** Object id in the source: a table dropped and made again is another table. */
  oid: z.int(),
  /** Changes of transactions that commit before this position are in the load. */
  from: z.string(),
  rows: z.int(),
  /** `loading`: begun; `loaded`: its files are there; `complete`: and the changes made meanwhile. */
  status: z.enum(["loading", "loaded", "complete"]),
  /** Why its changes are no longer replicated, until a reload; absent while they are. */
  stopped: z.string().optional(),
});

const replicationState = z.strictObject({
  version: z.literal(1),
  lake: z.string(),
  slot: z.string(),
  publication: z.string(),
  /** The database that is replicated: a slot means nothing elsewhere. */
  source: z.strictObject({
    system: z.string(),
    database: z.string(),
    /** Where it is, without credentials; absent for the embedded one, whose slots go with it. */
    label: z.string().optional(),
  }),
  /** Whether the slot's snapshot is loaded, so that its changes count. */
  streaming: z.boolean(),
  tables: z.record(z.string(), tableState),
});

export type TableState = z.infer<typeof tableState>;
export type ReplicationState = z.infer<typeof replicationState>;
export type SourceIdentity = ReplicationState["source"];

const FILE = "state.json";

/**
 * The state kept in a lake's replication folder, `undefined` before the first replication.
 * @throws UserError when the file is damaged or another version's
 */
export function readState(folder: string): ReplicationState | undefined {
  const path = join(folder, FILE);
  if (!existsSync(path)) return undefined;
  const parsed = replicationState.safeParse(parseJson(readFileSync(path, "utf8")));
  if (parsed.success) return parsed.data;
  throw new UserError(
    `${path} is not a replication state of this version, or damaged: it says ` +
      `${z.prettifyError(parsed.error)}. \`./lake reload\` without a table loads all of them anew`,
  );
}

/** The lake's names of the tables that have a load; none where the state cannot be read. */
export function loadedTables(folder: string): Set<string> {
  try {
    const tables = Object.entries(readState(folder)?.tables ?? {});
    return new Set(tables.filter(([, { status }]) => status !== "loading").map(([name]) => name));
  } catch (error) {
    if (error instanceof UserError) return new Set();
    throw error;
  }
}

/** The JSON value, `undefined` where the text is none. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export async function writeState(folder: string, state: ReplicationState): Promise<void> {
  const text = `${JSON.stringify(state, null, 2)}\n`;
  await writeDurably(join(folder, FILE), (draft) => writeFile(draft, text));
}

/** A state in which nothing is loaded yet, with a slot of a name that nobody else has. */
export function newState(lake: string, source: SourceIdentity): ReplicationState {
  const publication = publicationName(lake);
  return {
    version: 1,
    lake,
    slot: `${publication}_${randomBytes(4).toString("hex")}`,
    publication,
    source,
    streaming: false,
    tables: {},
  };
}
