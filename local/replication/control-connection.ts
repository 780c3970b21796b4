import type { Client } from "pg";

import { connectSource, type Source } from "../source/connection";

/** One ordinary connection beside the stream, opened again when it broke; one query at a time. */
export class ControlConnection {
  private client: Client | undefined;
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly source: Source) {}

  /** Runs work on the connection, after what was asked for before. */
  use<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const result = this.last.then(async () => {
      this.client ??= await this.open();
      return work(this.client);
    });
    this.last = result.catch(() => undefined);
    return result;
  }

  async close(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }

  private async open(): Promise<Client> {
    const client = await connectSource(this.source);
    client.once("end", () => {
      if (this.client === client) this.client = undefined;
    });
    return client;
  }
}
