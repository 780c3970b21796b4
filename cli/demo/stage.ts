import type { QueryResult, Value } from "../../analytics/query-client";
import { TrinoClient } from "../../analytics/trino-client";
import { type DemoStory, loadDemoStory } from "../../lakes/demo-story";
import { lakePaths } from "../../local/paths";
import { type OpenLake, openLake } from "../../local/pipeline/open";
import { replicate, type ReplicationSummary } from "../../local/replication/replicator";
import { type Running, useTrino } from "../../local/services";
import { connectSource } from "../../local/source/connection";
import { openEmbeddedSource, type OpenSource } from "../../local/source/open";
import type { Progress } from "../../local/toolchain";

/** What the chapters of a demo play on: the source, the Spark application and Trino, as they come up. */
export class Stage implements AsyncDisposable {
  readonly story: DemoStory;
  private opened: OpenSource | undefined;
  private lake: OpenLake | undefined;
  private trino: Running | undefined;

  constructor(
    readonly lakeName: string,
    readonly signal: AbortSignal,
  ) {
    this.story = loadDemoStory(lakeName);
  }

  /** Opens the embedded source alone: the demo seeds it and makes mistakes in it. */
  async openSource(progress: Progress): Promise<void> {
    this.opened = await openEmbeddedSource(this.lakeName, progress);
  }

  async openLake(progress: Progress): Promise<void> {
    this.lake = await openLake(this.lakeName, "write", progress);
    await this.lake.spark.ready();
    this.lake.spark.stopOn(this.signal);
  }

  async openTrino(progress: Progress): Promise<void> {
    this.trino = await useTrino(this.lakeName, progress);
  }

  get source(): OpenSource["source"] {
    return present(this.opened, "source").source;
  }

  get open(): OpenLake {
    return present(this.lake, "Spark application");
  }

  /** Runs SQL on the source in a connection of its own; gives the rows. */
  async onSource(sql: string): Promise<Record<string, unknown>[]> {
    const client = await connectSource(this.source);
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  /** Asks Trino. */
  onLake(sql: string, user = "admin", countFiles = false): Promise<QueryResult> {
    return this.client.query(sql, {
      user,
      catalog: this.lakeName,
      countFiles,
      signal: this.signal,
    });
  }

  get client(): TrinoClient {
    return new TrinoClient(`http://127.0.0.1:${present(this.trino, "Trino").port}`);
  }

  /** Asks Spark, as of a time. */
  async asOf(sql: string, at: Date): Promise<Value> {
    const { rows } = await this.open.spark.step<{ rows: Value[][] }>("query", {
      sql,
      at: at.toISOString(),
      limit: 1,
    });
    return rows[0]?.[0] ?? null;
  }

  /** Brings what the source has committed into bronze. */
  replicate(report: (message: string) => void): Promise<ReplicationSummary> {
    return replicate({
      manifest: this.open.lake.manifest,
      paths: lakePaths(this.open.lake.definition),
      source: this.source,
      mode: "once",
      signal: this.signal,
      onProgress: (event) => {
        if (event.event === "load")
          report(`${event.table}: ${event.rows.toLocaleString("en-US")} rows`);
      },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.lake?.[Symbol.asyncDispose]();
    await this.trino?.[Symbol.asyncDispose]();
    await this.opened?.[Symbol.asyncDispose]();
  }
}

function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the demo used the ${what} before it was there`);
  return value;
}
