import { execFile } from "node:child_process";
import { join } from "node:path";

import type { Client } from "pg";

import { startTestServer, type TestServer } from "../postgres-server";

jest.setTimeout(120_000);

const PROJECT = join(__dirname, "../..");
let server: TestServer;
let client: Client;
let url: string;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  server = await startTestServer();
  client = await server.connect();
  const { host, port, user, password } = server.source().config;
  url = `postgres://${user}@${host}:${port}/postgres?sslmode=require`;
  environment = { ...process.env, PGPASSWORD: password as string };
});
afterAll(async () => {
  await client.end();
  await server.stop();
});

/** Runs `./lake` with the arguments on the server as a foreign source. */
function lake(...args: string[]): Promise<{ code: number; output: string }> {
  const main = ["--import", "tsx", join(PROJECT, "cli/main.ts"), ...args, "--source", url];
  return new Promise((resolve) => {
    execFile(process.execPath, main, { cwd: PROJECT, env: environment }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }),
    );
  });
}

async function value(sql: string): Promise<string> {
  const { rows } = await client.query<{ value: string }>(`SELECT (${sql})::text AS value`);
  return rows[0]?.value as string;
}

test("a foreign database is seeded only when told to, and never emptied", async () => {
  const tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
  const small = ["--scale", "small", "--until", "2026-11-21"];

  const unasked = await lake("seed", ...small);
  expect(unasked.code).toBe(1);
  expect(unasked.output).toContain("add --yes if that is wanted");
  expect(await value(tables)).toBe("0");

  const told = await lake("seed", ...small, "--yes");
  expect(told.output).toMatch(/core_event: 10,000 rows/);
  expect(told.code).toBe(0);
  expect(await value("SELECT count(*) FROM core_order")).toBe("1600");

  for (const flags of [["--yes"], ["--yes", "--clean"]]) {
    expect((await lake("seed", ...small, ...flags)).code).toBe(1);
  }
  expect(await value("SELECT count(*) FROM core_order")).toBe("1600");

  const idle = await lake("workload", "--for", "1");
  expect(idle.code).toBe(1);
  expect(idle.output).toContain("add --yes if that is wanted");
  const before = await value("SELECT sum(xmin::text::bigint) FROM core_product");
  const played = await lake("workload", "--for", "2", "--rate", "100", "--yes");
  expect(played.output).toMatch(
    /\d+ rows changed in \d+ transactions, [\d.]+ a second for 2\.\d s/,
  );
  expect(played.code).toBe(0);
  expect(await value("SELECT sum(xmin::text::bigint) FROM core_product")).not.toBe(before);
});
