import type { Client, Connection } from "pg";

import { connectSource, type Source } from "../source/connection";
import { quoteIdentifier } from "../source/identifiers";
import type { Lsn } from "./lsn";
import { type Message, readMessage } from "./pgoutput";

/** What a stream tells while it runs; called in the order of the stream, never at the same time. */
export interface StreamHandlers {
  readonly onMessage: (message: Message) => void;
  /** The server has sent everything up to this position. */
  readonly onKeepalive: (position: Lsn) => void;
}

/** The driver's connection below the client, as far as replication needs it. */
interface WireConnection extends Connection {
  on(event: "copyData", listener: (message: { chunk: Buffer }) => void): this;
  once(event: "replicationStart", listener: () => void): this;
  sendCopyFromChunk(chunk: Buffer): void;
}

/** The server ends a connection that is silent for a minute (wal_sender_timeout). */
const STATUS_MS = 1_000;
const XLOG_DATA = 0x77;
const KEEPALIVE = 0x6b;

/**
 * A connection that receives the changes of a replication slot.
 *
 * It tells the server only the positions that {@link acknowledge} was given: a position is the first
 * byte not yet safe, exactly, for a transaction may begin right there.
 */
export class ChangeStream {
  private acknowledged: Lsn = 0n;
  private stopping = false;
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly client: Client,
    private readonly wire: WireConnection,
    /** Settles when the stream ends: resolved after {@link stop}, else rejected with the reason. */
    readonly ended: Promise<void>,
  ) {
    this.timer = setInterval(() => this.sendStatus(), STATUS_MS);
    void ended.catch(() => undefined).finally(() => clearInterval(this.timer));
  }

  /** Opens the stream at the position that the slot remembers. */
  static async open(
    source: Source,
    slot: string,
    publication: string,
    handlers: StreamHandlers,
  ): Promise<ChangeStream> {
    const client = await connectSource(source, { replication: "database" } as object);
    const wire = (client as unknown as { connection: WireConnection }).connection;
    const opened: { stream?: ChangeStream } = {};
    let fail: (error: unknown) => void = () => undefined;
    const failed = new Promise<never>((_, reject) => (fail = reject));
    wire.on("copyData", ({ chunk }) => {
      try {
        dispatch(chunk, handlers, () => opened.stream?.sendStatus());
      } catch (error) {
        fail(error);
      }
    });
    const started = new Promise<void>((resolve) => wire.once("replicationStart", resolve));
    const query = client.query(
      `START_REPLICATION SLOT ${quoteIdentifier(slot)} LOGICAL 0/0 ` +
        `(proto_version '1', publication_names '${quoteIdentifier(publication)}')`,
    );
    const closed = query.then(() => {
      throw new Error("the server ended the replication stream");
    });
    const ended = Promise.race([closed, failed]).catch((error: unknown) => {
      if (!opened.stream?.stopping) throw error;
    });
    ended.catch(() => undefined);
    try {
      await Promise.race([started, ended]);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    return (opened.stream = new ChangeStream(client, wire, ended));
  }

  /** Everything before `position` is safe: the server may forget it. */
  acknowledge(position: Lsn): void {
    if (position <= this.acknowledged) return;
    this.acknowledged = position;
    this.sendStatus();
  }

  pause(): void {
    this.wire.stream.pause();
  }

  resume(): void {
    this.wire.stream.resume();
  }

  /** Ends the stream; what was not acknowledged is sent again to the next. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearInterval(this.timer);
    this.wire.stream.resume();
    await this.client.end().catch(() => undefined);
  }

  /** Standby status update: positions written, flushed and applied are one here, no answer is asked. */
  private sendStatus(): void {
    if (this.stopping || !this.wire.stream.writable) return;
    const message = Buffer.alloc(34);
    message.write("r", 0, "latin1");
    for (const offset of [1, 9, 17]) message.writeBigUInt64BE(this.acknowledged, offset);
    message.writeBigInt64BE(BigInt(Date.now() - Date.UTC(2000, 0, 1)) * 1000n, 25);
    this.wire.sendCopyFromChunk(message);
  }
}

function dispatch(chunk: Buffer, handlers: StreamHandlers, answer: () => void): void {
  if (chunk[0] === XLOG_DATA) {
    // Tag, start, end and time of sending come before the plugin's message.
    handlers.onMessage(readMessage(chunk, 25));
  } else if (chunk[0] === KEEPALIVE) {
    handlers.onKeepalive(chunk.readBigUInt64BE(1));
    if (chunk[17] === 1) answer();
  }
}
