import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Client } from "pg";

import { postgresConnection, useService } from "../local/services";
import { removePostgresHome } from "../local/services/postgres-home";
import { connectSource, type Source, sourceOf } from "../local/source/connection";

/** The embedded PostgreSQL of a test's own, over TLS, in a temporary state folder. */
export interface TestServer {
  source(database?: string): Source;
  connect(database?: string): Promise<Client>;
  stop(): Promise<void>;
}

/** Starts it, about 5 s; this process's LAKEWRIGHT_HOME names the temporary folder from then on. */
export async function startTestServer(): Promise<TestServer> {
  const home = mkdtempSync(join(tmpdir(), "lakewright-postgres-"));
  chmodSync(home, 0o755);
  process.env.LAKEWRIGHT_HOME = home;
  const running = await useService("postgres", () => undefined);
  const source = (database = "postgres") =>
    sourceOf({ ...postgresConnection(database), mode: "verify-full", embedded: true });
  return {
    source,
    connect: (database) => connectSource(source(database)),
    stop: async () => {
      await running[Symbol.asyncDispose]();
      removePostgresHome();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
