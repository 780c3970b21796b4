import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";

import { Client, type ClientConfig } from "pg";

import { processIdentity } from "../../local/process/identity";
import { resetState } from "../../local/reset";
import {
  currentState,
  keepService,
  postgresConnection,
  stopService,
  useService,
} from "../../local/services";
import { passwordFile } from "../../local/services/postgres-credentials";
import { postgresHome } from "../../local/services/postgres-home";
import { stopUnlessShared } from "../../local/services/use";
import { killFixtures, startFixture, until } from "./fixtures/processes";

jest.setTimeout(120_000);

const quiet = () => undefined;
const runs = (pid: number) => processIdentity(pid) !== undefined;

async function query(sql: string, config: ClientConfig = postgresConnection()): Promise<unknown[]> {
  const client = new Client(config);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

beforeAll(() => {
  process.env.LAKEWRIGHT_HOME = join(mkdtempSync(join(tmpdir(), "lakewright-")), "state");
});

afterEach(killFixtures);

afterAll(async () => {
  await resetState();
});

describe("the embedded PostgreSQL", () => {
  it("answers over verified TLS with a password, ready for logical replication", async () => {
    await using server = await useService("postgres", quiet);
    expect(server.port).toBe(postgresConnection().port);
    const rows = await query(
      `SELECT ssl, current_database() AS database, current_setting('wal_level') AS wal_level,
         current_setting('TimeZone') AS zone, current_setting('fsync') AS fsync,
         current_setting('listen_addresses') AS addresses
       FROM pg_stat_ssl WHERE pid = pg_backend_pid()`,
    );
    expect(rows).toEqual([
      {
        ssl: true,
        database: "postgres",
        wal_level: "logical",
        zone: "UTC",
        fsync: "on",
        addresses: "127.0.0.1",
      },
    ]);
  });

  it("refuses plain text, wrong passwords and clients that trust other authorities", async () => {
    await using server = await useService("postgres", quiet);
    const good = postgresConnection();
    expect(good.port).toBe(server.port);
    await expect(query("SELECT 1", { ...good, ssl: false })).rejects.toThrow("no encryption");
    await expect(query("SELECT 1", { ...good, password: "guess" })).rejects.toThrow(
      "password authentication failed",
    );
    const ssl = { ca: [...rootCertificates], rejectUnauthorized: true };
    await expect(query("SELECT 1", { ...good, ssl })).rejects.toThrow("certificate");
  });

  it("keeps its password in a file of its owner alone, and out of its log", async () => {
    await using server = await useService("postgres", quiet);
    expect(runs(server.pid)).toBe(true);
    expect(statSync(passwordFile()).mode & 0o777).toBe(0o600);
    const log = join(process.env.LAKEWRIGHT_HOME as string, "logs", "postgres.log");
    expect(readFileSync(log, "utf8")).toContain("ready to accept connections");
    expect(readFileSync(log, "utf8")).not.toContain(postgresConnection().password);
  });
});

describe("a service", () => {
  it("stops after its last user, and keeps its data", async () => {
    const first = await useService("postgres", quiet);
    const second = await useService("postgres", quiet);
    expect(second.pid).toBe(first.pid);
    await query("CREATE TABLE kept AS SELECT 42 AS answer");
    await first[Symbol.asyncDispose]();
    expect(await query("SELECT answer FROM kept")).toEqual([{ answer: 42 }]);
    await second[Symbol.asyncDispose]();
    await until(() => !runs(first.pid), 20);
    expect(() => postgresConnection()).toThrow("PostgreSQL does not run. Start it: ./lake up");
    await using again = await useService("postgres", quiet);
    expect(again.pid).not.toBe(first.pid);
    expect(await query("SELECT answer FROM kept")).toEqual([{ answer: 42 }]);
  });

  it("is one server for processes that start it at the same time", async () => {
    await stopService("postgres");
    const users = await Promise.all(
      [1, 2, 3].map(() => startFixture("hold-service.ts", "postgres")),
    );
    const servers = new Set(users.map(({ firstLine }) => firstLine));
    users.forEach(({ child }) => child.kill("SIGKILL"));
    expect(servers.size).toBe(1);
  });

  it("stops when its only user is killed", async () => {
    const { child, firstLine } = await startFixture("hold-service.ts", "postgres");
    const { pid } = JSON.parse(firstLine) as { pid: number };
    expect(runs(pid)).toBe(true);
    child.kill("SIGKILL");
    await until(() => !runs(pid), 20);
    await until(() => currentState("postgres") === undefined, 5);
  });

  it("is started anew by the next user when its guardian was killed, without a second server", async () => {
    const { child, firstLine } = await startFixture("hold-service.ts", "postgres");
    const { pid } = JSON.parse(firstLine) as { pid: number };
    process.kill(currentState("postgres")?.guardian.pid as number, "SIGKILL");
    await until(() => currentState("postgres") === undefined, 5);
    expect(runs(pid)).toBe(true);
    await using next = await useService("postgres", quiet);
    expect(runs(pid)).toBe(false);
    expect(runs(next.pid)).toBe(true);
    child.kill("SIGKILL");
  });

  it("is ended by its last user when its guardian was killed", async () => {
    const user = await useService("postgres", quiet);
    process.kill(currentState("postgres")?.guardian.pid as number, "SIGKILL");
    await until(() => currentState("postgres") === undefined, 5);
    await user[Symbol.asyncDispose]();
    expect(runs(user.pid)).toBe(false);
  });

  it("is started anew for its only user, and stays up; not under another one's feet", async () => {
    const { pid } = await keepService("postgres", quiet);
    const { child } = await startFixture("hold-service.ts", "postgres");
    await using user = await useService("postgres", quiet);
    const [holder] = await stopUnlessShared("postgres");
    expect(holder?.process?.pid).toBe(child.pid);
    expect(user.pid).toBe(pid);
    expect(runs(user.pid)).toBe(true);
    child.kill("SIGKILL");
    await until(() => child.signalCode !== null, 5);
    expect(await stopUnlessShared("postgres")).toEqual([]);
    expect(runs(user.pid)).toBe(false);
    const next = await useService("postgres", quiet);
    await next[Symbol.asyncDispose]();
    await user[Symbol.asyncDispose]();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(runs(next.pid)).toBe(true);
    await stopService("postgres");
  });

  it("does not come along when the checkout's state is copied", async () => {
    await using server = await useService("postgres", quiet);
    const home = process.env.LAKEWRIGHT_HOME as string;
    const copy = join(mkdtempSync(join(tmpdir(), "lakewright-")), "state");
    cpSync(join(home, "run"), join(copy, "run"), { recursive: true });
    process.env.LAKEWRIGHT_HOME = copy;
    try {
      expect(currentState("postgres")).toBeUndefined();
      expect(await stopService("postgres")).toEqual({ wasRunning: false, holders: [] });
    } finally {
      process.env.LAKEWRIGHT_HOME = home;
      rmSync(copy, { recursive: true });
    }
    expect(runs(server.pid)).toBe(true);
  });

  it("stays after `up` until `down`", async () => {
    const { pid } = await keepService("postgres", quiet);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(runs(pid as number)).toBe(true);
    expect(await stopService("postgres")).toEqual({ wasRunning: true, holders: [] });
    expect(runs(pid as number)).toBe(false);
  });
});

describe("reset", () => {
  it("deletes nothing while another command uses a service, and everything afterwards", async () => {
    const { child } = await startFixture("hold-service.ts", "postgres");
    const { folder } = postgresHome();
    await expect(resetState()).rejects.toThrow(/^Nothing was deleted: .* still runs/);
    expect(existsSync(join(folder, "data"))).toBe(true);
    child.kill("SIGKILL");
    await until(() => child.signalCode !== null, 5);
    await resetState();
    expect(existsSync(folder)).toBe(false);
    expect(existsSync(process.env.LAKEWRIGHT_HOME as string)).toBe(false);
  });
});
