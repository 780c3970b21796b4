import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

import getPort from "get-port";

import { TrinoClient } from "../../../analytics/trino-client";
import { lakeHome, type LakePaths, lakePaths, type Paths, paths } from "../../../local/paths";
import { writeWhole } from "../../../local/process/files";
import { trinoService } from "../../../local/services/trino";
import { ensureJars } from "../../../local/toolchain/jars";
import { ensureJava } from "../../../local/toolchain/java";
import { ensurePython } from "../../../local/toolchain/python";
import { ensureTrino } from "../../../local/toolchain/trino";
import type { DescribedTable } from "../../../local/trino/catalog";
import {
  rulesFile,
  trinoArguments,
  type TrinoConfig,
  writeTrinoConfig,
} from "../../../local/trino/config";
import type { LakeDefinition } from "../../../model/definition";
import { assembleLake, type Lake } from "../../../model/lake";

const definition: LakeDefinition = {
  name: "shop",
  description: "A small shop",
  source: { engine: "postgres", database: "shop" },
  tenancy: { column: "tenant_id", table: "tenants" },
  tables: {
    tenants: {
      description: "A client",
      key: ["id"],
      tenantColumn: "id",
      columns: { id: "bigint", name: "text" },
    },
    orders: {
      description: "An order",
      key: ["id"],
      columns: { id: "bigint", tenant_id: "bigint", note: "text", amount: "numeric(12,2)" },
      partitionBy: ["order_month"],
      sensitivity: { note: "personal" },
    },
    visits: {
      description: "A visit",
      key: ["id"],
      columns: { id: "bigint", tenant_id: "bigint", note: "text", amount: "numeric(12,2)" },
      format: "delta",
      partitionBy: ["order_month"],
      sensitivity: { note: "personal" },
    },
    countries: {
      description: "A country",
      key: ["id"],
      columns: { id: "bigint", code: "text" },
      format: "delta",
      tenantColumn: null,
    },
    nothing: {
      description: "A table without rows",
      key: ["id"],
      columns: { id: "bigint", tenant_id: "bigint" },
      partitionBy: ["order_month"],
    },
  },
  models: {
    revenue: {
      description: "Revenue of a tenant in a month",
      grain: ["tenant_id", "order_month"],
      refreshBy: ["tenant_id", "order_month"],
    },
  },
};

const ORDER_COLUMNS = [
  { name: "id", type: "bigint" },
  { name: "tenant_id", type: "bigint" },
  { name: "note", type: "string" },
  { name: "amount", type: "decimal(12,2)" },
  { name: "ordered_at", type: "timestamp" },
  { name: "tags", type: "array<string>" },
  { name: "address", type: "struct<city:string,zip:bigint>" },
  { name: "counts", type: "map<string,bigint>" },
  { name: "due_on", type: "date" },
  { name: "order_month", type: "string" },
];

/** A lake of Hudi and Delta tables, partitioned and not, with and without a tenant. */
export const shop: Lake = assembleLake(definition, {
  silver: {},
  gold: {
    revenue:
      "SELECT tenant_id, order_month, sum(amount) AS revenue, count(*) AS orders FROM silver.orders GROUP BY tenant_id, order_month",
  },
  schema: {
    tables: {
      tenants: [
        { name: "id", type: "bigint" },
        { name: "name", type: "string" },
      ],
      orders: ORDER_COLUMNS,
      visits: ORDER_COLUMNS,
      countries: [
        { name: "id", type: "bigint" },
        { name: "code", type: "string" },
      ],
      nothing: ORDER_COLUMNS,
    },
    models: {
      revenue: [
        { name: "tenant_id", type: "bigint" },
        { name: "order_month", type: "string" },
        { name: "revenue", type: "decimal(22,2)" },
        { name: "orders", type: "bigint" },
      ],
    },
  },
});

/** Writes the shop's tables by Spark and serves them by a Trino of its own. */
export class ShopLake implements AsyncDisposable {
  readonly paths: LakePaths;
  private errors = "";

  private constructor(
    private readonly at: Paths,
    private readonly spark: ChildProcess,
    private readonly answers: AsyncIterator<string>,
    private readonly lines: Interface,
    private trino?: ChildProcess,
  ) {
    spark.stderr?.on(
      "data",
      (text: Buffer) => (this.errors = `${this.errors}${text}`.slice(-4_000)),
    );
    this.paths = lakePaths({ name: "shop" }, at);
  }

  static async start(): Promise<ShopLake> {
    const at = paths({ LAKEWRIGHT_HOME: mkdtempSync(join(tmpdir(), "lakewright-trino-")) });
    const { root } = lakeHome("shop", at);
    mkdirSync(root, { recursive: true });
    const { python } = await ensurePython();
    const spark = spawn(
      python,
      [join(__dirname, "shop.py"), root, dirname((await ensureJars())[0] as string)],
      {
        stdio: ["pipe", "pipe", "pipe"],
        env: {
          ...process.env,
          JAVA_HOME: await ensureJava(17),
          PYTHONPATH: join(at.project, "glue-scripts"),
        },
      },
    );
    const lines = createInterface({ input: spark.stdout });
    return new ShopLake(at, spark, lines[Symbol.asyncIterator](), lines);
  }

  /** Runs a phase of shop.py; gives the tables as they are afterwards. */
  async phase(name: "create" | "evolve" | "replace"): Promise<DescribedTable[]> {
    this.spark.stdin?.write(`${name}\n`);
    for (;;) {
      const { value, done } = await this.answers.next();
      if (done) throw new Error(`shop.py ended in phase ${name}:\n${this.errors}`);
      if (value.startsWith("@tables ")) return JSON.parse(value.slice("@tables ".length));
    }
  }

  /** Starts Trino over the lake. */
  async serve(rules: unknown): Promise<TrinoClient> {
    const config: TrinoConfig = {
      etc: join(this.at.trino, "etc"),
      data: join(this.at.trino, "data"),
      port: await getPort(),
      lakes: [{ name: "shop", root: this.paths.root }],
    };
    mkdirSync(config.data, { recursive: true });
    writeTrinoConfig(config);
    this.writeRules(rules);
    const logFile = join(this.at.trino, "trino.log");
    const log = openSync(logFile, "w");
    const java = join(await ensureJava(25), "bin", "java");
    const trino = spawn(java, trinoArguments(await ensureTrino(), config), {
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    this.trino = trino;
    const address = `http://127.0.0.1:${config.port}`;
    for (;;) {
      if (trino.exitCode !== null) throw new Error(readFileSync(logFile, "utf8"));
      if (await trinoService.answers(config.port)) return new TrinoClient(address);
      await sleep(200);
    }
  }

  writeRules(rules: unknown): void {
    writeWhole(rulesFile(join(this.at.trino, "etc")), JSON.stringify(rules));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.lines.close();
    await Promise.all([ended(this.spark), ended(this.trino)]);
    rmSync(this.at.state, { recursive: true, force: true });
  }
}

async function ended(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null) return;
  const exit = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await exit;
}
