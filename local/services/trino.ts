import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";

import { lakeNames } from "../../lakes/load";
import { lakeHome, paths } from "../paths";
import { writeWhole } from "../process/files";
import { ensureJava } from "../toolchain/java";
import { ensureTrino } from "../toolchain/trino";
import { rulesFile, trinoArguments, type TrinoConfig, writeTrinoConfig } from "../trino/config";
import type { Service } from "./service";

/** The only user until the lakes' own rules are written. */
const ADMIN_ONLY = {
  catalogs: [{ user: "admin", allow: "all" }, { allow: "none" }],
  schemas: [{ user: "admin", owner: true }, { owner: false }],
  tables: [{ user: "admin", privileges: ["SELECT"] }, { privileges: [] }],
};

/** Trino's configuration, written when it starts. */
export const etcFolder = () => join(paths().trino, "etc");

const dataFolder = () => join(paths().trino, "data");

/**
 * Trino as the local Athena, over every lake of this checkout. `LAKEWRIGHT_TRINO_HEAP` sets its
 * memory (default 2G).
 */
export const trinoService: Service = {
  name: "trino",
  title: "Trino",
  startTimeout: 240_000,
  stop: [{ signal: "SIGTERM", seconds: 10 }],
  marker: () => `-Dnode.data-dir=${dataFolder()} `,

  async prepare(progress) {
    await ensureJava(25, progress);
    await ensureTrino(progress);
  },

  async launch(port) {
    const config: TrinoConfig = {
      etc: etcFolder(),
      data: dataFolder(),
      port,
      heap: process.env.LAKEWRIGHT_TRINO_HEAP || undefined,
      lakes: lakeNames().map((name) => ({ name, root: lakeHome(name).root })),
    };
    for (const { root } of config.lakes) mkdirSync(root, { recursive: true });
    mkdirSync(config.data, { recursive: true });
    if (!existsSync(rulesFile(config.etc)))
      writeWhole(rulesFile(config.etc), JSON.stringify(ADMIN_ONLY));
    writeTrinoConfig(config);
    return {
      program: join(await ensureJava(25), "bin", "java"),
      args: trinoArguments(await ensureTrino(), config),
      cwd: paths().trino,
    };
  },

  async answers(port) {
    try {
      return await answersQueries(port);
    } catch {
      return false;
    }
  },
};

const ACTIVE_NODES = "SELECT count(*) FROM system.runtime.nodes WHERE state = 'active'";

/** Whether there is a node to run queries on: Trino says that it is up, and answers, before. */
async function answersQueries(port: number): Promise<boolean> {
  const headers = { "X-Trino-User": "admin" };
  let url: string | undefined = `http://127.0.0.1:${port}/v1/statement`;
  let request: RequestInit = { method: "POST", body: ACTIVE_NODES, headers };
  let nodes = 0;
  while (url) {
    const response: Response = await fetch(url, request);
    const answer = (await response.json()) as TrinoAnswer;
    if (!response.ok || answer.error) return false;
    nodes = answer.data?.[0]?.[0] ?? nodes;
    url = answer.nextUri;
    request = { headers };
  }
  return nodes > 0;
}

interface TrinoAnswer {
  readonly nextUri?: string;
  readonly error?: unknown;
  readonly data?: readonly (readonly number[])[];
}
