import { UserError } from "../../model/errors";
import { connectSource, parseSource, SOURCE_VARIABLE } from "../source/connection";
import { dropSlot } from "./slot";
import { identifySource } from "./source-check";
import { readState } from "./state";

/** A replication slot of a lake on a server that is not the embedded one. */
export interface ForeignSlot {
  readonly name: string;
  /** The database, without credentials. */
  readonly label: string;
  /** The server's system identifier. */
  readonly system: string;
  readonly database: string;
}

/** The slot that a replication folder's state names, unless it is the embedded server's. */
export function foreignSlot(folder: string): ForeignSlot | undefined {
  const state = readState(folder);
  if (!state?.source.label) return undefined;
  const { system, database, label } = state.source;
  return { name: state.slot, label, system, database };
}

/** The statement that drops the slot. */
export function dropStatement({ name }: ForeignSlot): string {
  return `SELECT pg_drop_replication_slot('${name}');`;
}

/**
 * Drops the slot, reaching its server as `LAKEWRIGHT_SOURCE` says, else as the lake once did.
 * @throws Error saying why it cannot be dropped
 */
export async function dropForeignSlot(slot: ForeignSlot): Promise<void> {
  const given = process.env[SOURCE_VARIABLE];
  const isGiven = given !== undefined && parseSource(given).label === slot.label;
  const source = parseSource(isGiven ? given : slot.label);
  const client = await connectSource(source);
  try {
    const { system, database } = await identifySource(client, source);
    if (system !== slot.system || database !== slot.database) {
      throw new UserError(`${slot.label} is another database than the one that was replicated`);
    }
    await dropSlot(client, slot.name);
  } finally {
    await client.end();
  }
}
