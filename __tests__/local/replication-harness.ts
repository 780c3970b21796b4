import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { DuckDBInstance } from "@duckdb/node-api";
import type { Client } from "pg";

import type { ReplicationEvent } from "../../local/replication/progress";
import { replicate, type ReplicationSummary } from "../../local/replication/replicator";
import type { ReplicationSettings } from "../../local/replication/settings";
import { postgresConnection, type Running, stopService, useService } from "../../local/services";
import { removePostgresHome } from "../../local/services/postgres-home";
import { connectSource, type Source, sourceOf } from "../../local/source/connection";
import { CONTROL, type Manifest, type ManifestTable } from "../../model/manifest";

/** An embedded PostgreSQL with TLS, in a state folder of its own. */
export async function startPostgres(): Promise<{ stop: () => Promise<void> }> {
  const home = mkdtempSync(join(tmpdir(), "lakewright-replication-"));
  process.env.LAKEWRIGHT_HOME = home;
  const running: Running = await useService("postgres", () => undefined);
  return {
    stop: async () => {
      await running[Symbol.asyncDispose]();
      await stopService("postgres");
      removePostgresHome();
      rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

/** A table of a test's manifest: name, key, and columns with their Spark types. */
export function table(
  name: string,
  columns: Record<string, string>,
  more: Partial<ManifestTable> = {},
): ManifestTable {
  return {
    name,
    description: name,
    source_schema: "public",
    source_table: name,
    key: ["id"],
    source_columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })),
    files: null,
    sql: `SELECT id FROM ${name}`,
    format: "hudi",
    partition_by: [],
    buckets: 1,
    tenant_column: null,
    deletes: "hard",
    evolution: "additive",
    rules: [],
    quality: [],
    columns: [],
    ...more,
  };
}

let databases = 0;

/** A database of its own with a lake over it. */
export class TestLake {
  readonly events: ReplicationEvent[] = [];
  readonly root = mkdtempSync(join(tmpdir(), "lakewright-lake-"));
  readonly paths = {
    bronze: join(this.root, "bronze"),
    replication: join(this.root, "replication"),
  };

  private constructor(
    readonly source: Source,
    readonly client: Client,
    readonly manifest: Manifest,
  ) {}

  static async create(
    sql: string,
    tables: readonly ManifestTable[],
    more: Partial<Manifest> = {},
  ): Promise<TestLake> {
    const database = `test${++databases}`;
    const connection = postgresConnection("postgres");
    const parts = { ...connection, mode: "verify-full", embedded: true } as const;
    const admin = await connectSource(sourceOf(parts));
    await admin.query(`CREATE DATABASE ${database}`);
    await admin.end();
    const source = sourceOf({ ...parts, database });
    const client = await connectSource(source);
    await client.query(sql);
    const manifest: Manifest = {
      version: 1,
      lake: database,
      history_days: 7,
      listing_days: 3,
      quality_threshold: 1,
      gate_threshold: null,
      max_lob_kb: 0,
      bronze_format: "parquet",
      tenancy: null,
      control: CONTROL,
      tables: [...tables],
      models: [],
      ...more,
    };
    return new TestLake(source, client, manifest);
  }

  /** Replicates until what is committed now is in bronze. */
  once(
    settings: Partial<ReplicationSettings> = {},
    source = this.source,
  ): Promise<ReplicationSummary> {
    return this.replicate("once", undefined, settings, source);
  }

  replicate(
    mode: "once" | "continuous",
    signal?: AbortSignal,
    settings: Partial<ReplicationSettings> = {},
    source = this.source,
    prepare?: boolean,
  ): Promise<ReplicationSummary> {
    const { manifest, paths } = this;
    const onProgress = (event: ReplicationEvent) => void this.events.push(event);
    const given = { batchMs: 50, heartbeatMs: 500, ...settings };
    return replicate({
      manifest,
      paths,
      source,
      mode,
      signal,
      onProgress,
      settings: given,
      prepare,
    });
  }

  /** Replicates until the work is done, then stops. */
  async during(
    work: () => Promise<void>,
    settings: Partial<ReplicationSettings> = {},
  ): Promise<void> {
    const stop = new AbortController();
    const seen = this.events.length;
    const running = this.replicate("continuous", stop.signal, settings);
    const failed = running.then(() => {
      throw new Error("the replication ended by itself");
    });
    failed.catch(() => undefined);
    try {
      await Promise.race([this.until("streaming", seen), failed]);
      await Promise.race([work(), failed]);
    } finally {
      stop.abort();
      await running;
    }
  }

  /** Waits for an event after the first `seen` ones. */
  async until(event: ReplicationEvent["event"], seen = 0): Promise<void> {
    await eventually(() => {
      if (!this.events.slice(seen).some((each) => each.event === event)) throw new Error(event);
    });
  }

  notices(): string[] {
    return this.events.flatMap((event) => (event.event === "notice" ? [event.text] : []));
  }

  /** Bronze files of a table, below its folder in the epoch; hidden ones left out. */
  files(tableName: string, epoch = 1, schema = "public"): string[] {
    const folder = join(this.paths.bronze, `e000${epoch}`, schema, tableName);
    return (readdirSync(folder, { recursive: true }) as string[])
      .filter((name) => name.endsWith(".parquet"))
      .sort();
  }

  /** Rows of a query over the table's files in an epoch, as text; `bronze` names them. */
  async bronze(
    tableName: string,
    query: string,
    epoch = 1,
    schema = "public",
  ): Promise<(string | null)[][]> {
    const folder = join(this.paths.bronze, `e000${epoch}`, schema, tableName);
    const files = this.files(tableName, epoch, schema).map((name) => `'${join(folder, name)}'`);
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    await connection.run(
      `CREATE VIEW bronze AS SELECT * FROM read_parquet([${files.join(", ")}],
       union_by_name = true, filename = true)`,
    );
    const result = await connection.runAndReadAll(query);
    const rows = result.getRowsJson() as (string | null)[][];
    connection.closeSync();
    instance.closeSync();
    return rows.map((row) => row.map((value) => (value === null ? null : String(value))));
  }

  /**
   * The table as bronze tells it: the reference that the pipeline must equal. The newest complete
   * epoch, changes in the order of their sequence, truncations in between.
   */
  async reduced(tableName: string, columns: readonly string[]): Promise<string[][]> {
    const epoch = this.newestEpoch(tableName);
    const key = this.manifest.tables.find((each) => each.name === tableName)?.key ?? [];
    const selected = [
      "Op",
      "coalesce(dms_change_seq, '')",
      ...key.map((name) => `CAST("${name}" AS VARCHAR)`),
      ...key.map((name) => `CAST("BI_${name}" AS VARCHAR)`),
      ...columns.map((name) => `CAST("${name}" AS VARCHAR)`),
    ];
    const changes = await this.bronze(
      tableName,
      `SELECT ${selected.join(", ")} FROM bronze`,
      epoch,
    );
    const truncations = await this.truncations(tableName, epoch);
    const all = [...changes, ...truncations.map((sequence) => ["T", sequence])];
    all.sort((a, b) => compare(a[1] as string, b[1] as string));
    const rows = new Map<string, (string | null)[]>();
    for (const [op, , ...values] of all) {
      const now = JSON.stringify(values.slice(0, key.length));
      const before = JSON.stringify(values.slice(key.length, 2 * key.length));
      if (op === "T") rows.clear();
      else if (op === "D") rows.delete(before);
      else {
        if (op === "U") rows.delete(before);
        rows.set(now, values.slice(2 * key.length));
      }
    }
    return [...rows.values()].map((row) => row.map(String)).sort((a, b) => compare(`${a}`, `${b}`));
  }

  /** The table as the source has it. */
  async inSource(tableName: string, columns: readonly string[]): Promise<string[][]> {
    const list = columns.map((name) => `"${name}"::text`).join(", ");
    const { rows } = await this.client.query<(string | null)[]>({
      text: `SELECT ${list} FROM "${tableName}"`,
      rowMode: "array",
    });
    return rows.map((row) => row.map(String)).sort((a, b) => compare(`${a}`, `${b}`));
  }

  /** Writes the manifest where another process can read it. */
  manifestFile(): string {
    const path = join(this.root, "manifest.json");
    writeFileSync(path, JSON.stringify(this.manifest));
    return path;
  }

  async close(): Promise<void> {
    await this.client.query(
      `SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots
       WHERE database = current_database() AND active`,
    );
    await eventually(async () => {
      await this.client.query(
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = current_database()",
      );
    });
    await this.client.end();
    rmSync(this.root, { recursive: true, force: true });
  }

  private newestEpoch(tableName: string): number {
    const epochs = readdirSync(this.paths.bronze)
      .filter((name) => {
        try {
          const folder = join(this.paths.bronze, name, "public", tableName);
          return readdirSync(folder).includes("_LOAD_COMPLETE");
        } catch {
          return false;
        }
      })
      .map((name) => Number(name.slice(1)));
    return Math.max(...epochs);
  }

  private async truncations(tableName: string, epoch: number): Promise<string[]> {
    try {
      const rows = await this.bronze(
        CONTROL.truncations,
        `SELECT DISTINCT dms_change_seq FROM bronze WHERE table_name = '${tableName}'`,
        epoch,
        CONTROL.schema,
      );
      return rows.map(([sequence]) => sequence as string);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    }
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Tries until it does not throw, for half a minute. */
export async function eventually<T>(attempt: () => T | Promise<T>): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}
