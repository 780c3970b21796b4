import { UserError } from "../../model/errors";
import type { Manifest } from "../../model/manifest";
import { type BronzeTable, FileNames, tableFolder } from "./bronze";
import type { BronzeWriter, ValueNotice } from "./bronze-writer";
import { type Batch, ChangeBuffer } from "./change-buffer";
import { CsvEncoder } from "./csv-encoder";
import { type ChangeRow, HeldChanges } from "./held-changes";
import { changeSequence, commitDigits, type Lsn } from "./lsn";
import { type Begin, type Message, type RowChange, textAt, type Tuple } from "./pgoutput";
import { type DomainOf, Relations, representable } from "./relations";
import type { ReplicationSettings } from "./settings";
import {
  changeLine,
  controlTables,
  formatTimestamp,
  lakeTables,
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
  readonly writer: BronzeWriter;
  readonly settings: ReplicationSettings;
  readonly domainOf: DomainOf;
  /** By the lake's name of the table. */
  readonly routeOf: (table: string) => Route;
  /** Epoch of the control tables themselves. */
  readonly controlEpoch: () => number;
  /** A moment written to the heartbeat table has come through. */
  readonly onBeat: (moment: string) => void;
  readonly onNotices: (table: string, notices: readonly ValueNotice[]) => void;
  /**
   * A change of the lake's table cannot be written: nothing of the table is from there on, until it
   * has a new route. It must be noted before the position that {@link ChangeWriter.flush} gives next
   * is acknowledged.
   */
  readonly onUnrepresentable: (table: string, error: UserError) => void;
  /** A change file of the table, or of a control table, is in bronze. */
  readonly onFile: (table: string) => void;
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
  private readonly names: FileNames;
  private readonly relations: Relations;
  private readonly held = new HeldChanges();
  private transaction: Transaction | undefined;
  /** End of the last transaction received whole. */
  private received: Lsn = 0n;
  private readonly controls: ReturnType<typeof controlTables>;

  constructor(private readonly options: ChangeWriterOptions) {
    this.buffer = new ChangeBuffer(options.settings.maxRowsPerFile);
    this.names = new FileNames(options.writer.format);
    this.controls = controlTables(options.manifest);
    const all = [...lakeTables(options.manifest), ...Object.values(this.controls)];
    this.relations = new Relations(all, options.domainOf);
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
    return this.buffer.bytes + this.held.bytes > this.options.settings.maxBufferedBytes;
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
        this.relations.describe(message);
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
        for (const batch of own) if (!(await this.write(folder, batch))) break;
      }
    };
    await Promise.all([work(), work()]);
    return safe;
  }

  /** Gives a table's held changes their place: those that the load does not have go to its epoch. */
  release(table: string, epoch: number, from: Lsn): void {
    for (const { commit, row } of this.held.take(table)) {
      if (commit >= from && !this.place(table, epoch, row)) break;
    }
  }

  /** Held changes are not in files: nothing from the first of their transactions on is safe. */
  private safePosition(): Lsn {
    const { first } = this.held;
    return first !== undefined && first < this.received ? first : this.received;
  }

  private onChange(change: RowChange): void {
    const { transaction } = this;
    if (!transaction) throw new Error("a change came outside a transaction");
    // Counted whatever becomes of it, so that its number is the same when it comes again.
    const index = transaction.changes++;
    const relation = this.relations.get(change.oid);
    if (!relation) return;
    const { table, layout } = relation;
    const row = (): ChangeRow => {
      if (layout instanceof UserError) throw layout;
      const sequence = changeSequence(transaction.digits, index);
      const line = changeLine(this.encoder, layout, change, transaction.timestamp, sequence);
      return { layout, line };
    };
    if (table.manifest) this.route(table.name, row);
    else if (table === this.controls.truncations) this.addTruncation(change, row());
    else this.addBeat(change, row());
  }

  private route(table: string, row: () => ChangeRow): void {
    const { commit } = this.transaction as Transaction;
    const route = this.options.routeOf(table);
    if (route === "held") this.held.add(table, { commit, row: representable(row) });
    else if (route && commit >= route.from) this.place(table, route.epoch, representable(row));
  }

  /** @returns whether it can be represented */
  private place(table: string, epoch: number, row: ChangeRow | UserError): boolean {
    if (row instanceof UserError) {
      this.options.onUnrepresentable(table, row);
      return false;
    }
    this.buffer.add(this.target(row.layout.table, epoch), row.layout, row.line);
    return true;
  }

  private addBeat(change: RowChange, { layout, line }: ChangeRow): void {
    const moment = field(layout, change.after, "beat_at");
    this.buffer.add(this.target(layout.table, this.options.controlEpoch()), layout, line);
    if (moment) this.options.onBeat(moment);
  }

  /** A truncation is recorded in the epoch of the table that it empties, and follows its routes. */
  private addTruncation(change: RowChange, row: ChangeRow): void {
    const schema = field(row.layout, change.after, "table_schema");
    const name = field(row.layout, change.after, "table_name");
    const emptied = this.relations.named(schema, name);
    if (emptied) this.route(emptied.name, () => row);
  }

  private target(table: ReplicatedTable, epoch: number): BronzeTable {
    return { bronze: this.options.bronze, epoch, schema: table.schema, table: table.table };
  }

  /** @returns whether it is written: else nothing that follows it may be */
  private async write(folder: string, { layout, lines }: Batch): Promise<boolean> {
    const { table } = layout;
    const staged = await this.options.writer.stage(lines);
    const file = {
      path: this.names.next(folder),
      staged: layout.staged,
      columns: layout.columns,
      table: `${table.schema}.${table.table}`,
      key: layout.key,
    };
    try {
      this.options.onNotices(table.name, await this.options.writer.write(staged, file));
    } catch (error) {
      if (!(error instanceof UserError) || !table.manifest) throw error;
      this.buffer.drop(table.name);
      this.options.onUnrepresentable(table.name, error);
      return false;
    }
    this.changes += lines.rows;
    this.files++;
    this.options.onFile(table.name);
    return true;
  }
}

function field(layout: TableLayout, row: Tuple | undefined, name: string): string | undefined {
  const index = layout.own.findIndex((column) => column.name === name);
  return (row && textAt(row, layout.positions[index] ?? -1)) ?? undefined;
}
