import type { Manifest } from "../../model/manifest";
import { type BronzeTable, FileNames, tableFolder } from "./bronze";
import { type Batch, ChangeBuffer } from "./change-buffer";
import type { ColumnSource } from "./columns";
import { CsvEncoder } from "./csv-encoder";
import { changeSequence, commitDigits, type Lsn } from "./lsn";
import type { ParquetWriter, ValueNotice } from "./parquet";
import {
  type Begin,
  type Message,
  type Relation,
  type RowChange,
  textAt,
  type Tuple,
} from "./pgoutput";
import type { ReplicationSettings } from "./settings";
import {
  changeLine,
  controlTables,
  formatTimestamp,
  lakeTables,
  layOut,
  type ReplicatedTable,
  type TableLayout,
} from "./table-layout";

/** Where a table's changes go. */
export type Route =
  /** Into this epoch, those of transactions that commit at or after the position; earlier ones are in its load. */
  | { readonly epoch: number; readonly from: Lsn }
  /** A load is about to begin: they are held until its position is known. */
  | "held"
  /** Nowhere: the table is not replicated. */
  | undefined;

export interface ChangeWriterOptions {
  readonly manifest: Manifest;
  readonly bronze: string;
  readonly writer: ParquetWriter;
  readonly settings: ReplicationSettings;
  /** Types that relation messages name by a domain's object id. */
  readonly domains: ReadonlyMap<number, Omit<ColumnSource, "name">>;
  /** By the lake's name of the table. */
  readonly routeOf: (table: string) => Route;
  /** Epoch of the control tables themselves. */
  readonly controlEpoch: () => number;
  /** A moment written to the heartbeat table has come through. */
  readonly onBeat: (moment: string) => void;
  readonly onNotices: (table: string, notices: readonly ValueNotice[]) => void;
  /** A change file of the table, or of a control table, is in bronze. */
  readonly onFile: (table: string) => void;
}

interface Held {
  readonly commit: Lsn;
  readonly layout: TableLayout;
  readonly line: Buffer;
}

interface Transaction extends Begin {
  readonly timestamp: string;
  readonly digits: string;
  changes: number;
}

/** Turns a stream's messages into bronze files. */
export class ChangeWriter {
  /** Changes and files written since the beginning. */
  changes = 0;
  files = 0;
  private readonly buffer: ChangeBuffer;
  private readonly encoder = new CsvEncoder();
  private readonly names = new FileNames();
  private readonly layouts = new Map<number, TableLayout>();
  private readonly held = new Map<string, Held[]>();
  private heldBytes = 0;
  private transaction: Transaction | undefined;
  /** End of the last transaction received whole. */
  private received: Lsn = 0n;
  private readonly tables: ReadonlyMap<string, ReplicatedTable>;
  private readonly controls: ReturnType<typeof controlTables>;

  constructor(private readonly options: ChangeWriterOptions) {
    this.buffer = new ChangeBuffer(options.settings.maxRowsPerFile);
    this.controls = controlTables(options.manifest);
    const all = [...lakeTables(options.manifest), ...Object.values(this.controls)];
    this.tables = new Map(all.map((table) => [`${table.schema}.${table.table}`, table]));
  }

  /** Whether changes wait to be written. */
  get hasChanges(): boolean {
    return !this.buffer.isEmpty;
  }

  /** Whether a file is full and should be written without waiting longer. */
  get hasFullFile(): boolean {
    return this.buffer.hasSealed;
  }

  /** Whether so much is in memory that the stream should wait. */
  get isFull(): boolean {
    return this.buffer.bytes + this.heldBytes > this.options.settings.maxBufferedBytes;
  }

  onMessage(message: Message): void {
    switch (message.kind) {
      case "begin":
        this.transaction = {
          ...message,
          timestamp: formatTimestamp(message.committedAt),
          digits: commitDigits(message.commit),
          changes: 0,
        };
        break;
      case "commit":
        this.transaction = undefined;
        this.received = message.end;
        break;
      case "relation":
        this.onRelation(message);
        break;
      case "other":
        break;
      default:
        this.onChange(message);
    }
  }

  /** The server has sent all before `position`; between transactions nothing before it is missing. */
  onKeepalive(position: Lsn): void {
    if (!this.transaction && position > this.received) this.received = position;
  }

  /**
   * Writes what is buffered.
   * @returns the position before which everything is in files: it may be acknowledged
   */
  async flush(): Promise<Lsn> {
    const safe = this.safePosition();
    const batches = this.buffer.take();
    const folders = new Map<string, Batch[]>();
    for (const batch of batches) {
      const folder = tableFolder(batch.target);
      folders.set(folder, [...(folders.get(folder) ?? []), batch]);
    }
    const queue = [...folders];
    const work = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const [folder, own] = next;
        for (const batch of own) await this.write(folder, batch);
      }
    };
    await Promise.all([work(), work()]);
    return safe;
  }

  /** Gives a table's held changes their place: those that the load does not have go to its epoch. */
  release(table: string, epoch: number, from: Lsn): void {
    const held = this.takeHeld(table);
    for (const { commit, layout, line } of held) {
      if (commit >= from) this.buffer.add(this.target(layout.table, epoch), layout, line);
    }
  }

  private takeHeld(table: string): Held[] {
    const held = this.held.get(table) ?? [];
    this.held.delete(table);
    for (const { line } of held) this.heldBytes -= line.length;
    return held;
  }

  /** Held changes are not in files: nothing from the first of their transactions on is safe. */
  private safePosition(): Lsn {
    const firsts = [...this.held.values()].flatMap((held) => held.slice(0, 1));
    return firsts.reduce((least, { commit }) => (commit < least ? commit : least), this.received);
  }

  private onRelation(relation: Relation): void {
    const table = this.tables.get(`${relation.schema}.${relation.name}`);
    if (!table) {
      this.layouts.delete(relation.oid);
      return;
    }
    const columns = relation.columns.map((column) => ({
      typeName: column.typeOid === 1700 ? "numeric" : `type ${column.typeOid}`,
      ...column,
      ...this.options.domains.get(column.typeOid),
    }));
    const layout = layOut(table, columns, this.options.settings.maxLobKb);
    // The message is repeated at times; the same columns go on in the same file.
    const known = this.layouts.get(relation.oid);
    if (known?.table !== table || known.signature !== layout.signature) {
      this.layouts.set(relation.oid, layout);
    }
  }

  private onChange(change: RowChange): void {
    const { transaction } = this;
    if (!transaction) throw new Error("a change came outside a transaction");
    // Counted whatever becomes of it, so that its number is the same when it comes again.
    const index = transaction.changes++;
    const layout = this.layouts.get(change.oid);
    if (!layout) return;
    const { table } = layout;
    const line = () => {
      const sequence = changeSequence(transaction.digits, index);
      return changeLine(this.encoder, layout, change, transaction.timestamp, sequence);
    };
    if (table === this.controls.heartbeat) {
      const moment = field(layout, change.after, "beat_at");
      this.buffer.add(this.target(table, this.options.controlEpoch()), layout, line());
      if (moment) this.options.onBeat(moment);
    } else if (table === this.controls.truncations) {
      this.addTruncation(layout, change, line);
    } else {
      this.route(table.name, layout, line);
    }
  }

  private route(table: string, layout: TableLayout, line: () => Buffer): void {
    const { commit } = this.transaction as Transaction;
    const route = this.options.routeOf(table);
    if (route === "held") {
      const held = this.held.get(table) ?? [];
      const copy = Buffer.from(line());
      held.push({ commit, layout, line: copy });
      this.held.set(table, held);
      this.heldBytes += copy.length;
    } else if (route && commit >= route.from) {
      this.buffer.add(this.target(layout.table, route.epoch), layout, line());
    }
  }

  /** A truncation is recorded in the epoch of the table that it empties, and follows its routes. */
  private addTruncation(layout: TableLayout, change: RowChange, line: () => Buffer): void {
    const schema = field(layout, change.after, "table_schema");
    const name = field(layout, change.after, "table_name");
    const emptied = this.tables.get(`${schema}.${name}`);
    if (emptied) this.route(emptied.name, layout, line);
  }

  private target(table: ReplicatedTable, epoch: number): BronzeTable {
    return { bronze: this.options.bronze, epoch, schema: table.schema, table: table.table };
  }

  private async write(folder: string, { layout, lines }: Batch): Promise<void> {
    const { table } = layout;
    const staged = await this.options.writer.stage(lines);
    const notices = await this.options.writer.write(staged, {
      path: this.names.next(folder),
      staged: layout.staged,
      columns: layout.columns,
      table: `${table.schema}.${table.table}`,
      key: layout.key,
    });
    this.options.onNotices(table.name, notices);
    this.changes += lines.rows;
    this.files++;
    this.options.onFile(table.name);
  }
}

function field(layout: TableLayout, row: Tuple | undefined, name: string): string | undefined {
  const index = layout.own.findIndex((column) => column.name === name);
  return (row && textAt(row, layout.positions[index] ?? -1)) ?? undefined;
}
