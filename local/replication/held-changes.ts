import type { UserError } from "../../model/errors";
import type { Lsn } from "./lsn";
import type { TableLayout } from "./table-layout";

/** A change as a line of a bronze file. */
export interface ChangeRow {
  readonly layout: TableLayout;
  readonly line: Buffer;
}

/** A change that waits until its table's load says whether it is in the load already. */
export interface HeldChange {
  /** Where its transaction commits. */
  readonly commit: Lsn;
  /** The error: the change cannot be represented. */
  readonly row: ChangeRow | UserError;
}

/** Changes of tables whose load is about to begin, in the order of the stream. */
export class HeldChanges {
  private readonly held = new Map<string, HeldChange[]>();
  private size = 0;

  /** Bytes held. */
  get bytes(): number {
    return this.size;
  }

  /** Where the first of the transactions commits, `undefined` when nothing is held. */
  get first(): Lsn | undefined {
    const firsts = [...this.held.values()].flatMap((held) => held.slice(0, 1));
    return firsts.map(({ commit }) => commit).sort((a, b) => (a < b ? -1 : 1))[0];
  }

  /** Holds a copy of the change. */
  add(table: string, { commit, row }: HeldChange): void {
    const copy = "line" in row ? { ...row, line: Buffer.from(row.line) } : row;
    const held = this.held.get(table) ?? [];
    held.push({ commit, row: copy });
    this.held.set(table, held);
    this.size += lengthOf(copy);
  }

  /** Takes a table's changes out. */
  take(table: string): readonly HeldChange[] {
    const held = this.held.get(table) ?? [];
    this.held.delete(table);
    for (const { row } of held) this.size -= lengthOf(row);
    return held;
  }
}

function lengthOf(row: HeldChange["row"]): number {
  return "line" in row ? row.line.length : 0;
}
