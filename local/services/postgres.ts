import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Client } from "pg";

import { writeWhole } from "../process/files";
import { run } from "../process/run";
import {
  connectionOn,
  MAINTENANCE_DATABASE,
  passwordFile,
  POSTGRES_USER,
} from "./postgres-credentials";
import { giveToPostgres, type PostgresHome, postgresHome, postgresPrograms } from "./postgres-home";
import { ensureTlsFiles, tlsFiles } from "./postgres-tls";
import type { Service } from "./service";

const dataFolder = (home: PostgresHome) => join(home.folder, "data");

/** The source database: PostgreSQL from npm, TLS only, ready for logical replication. */
export const postgresService: Service = {
  name: "postgres",
  title: "PostgreSQL",
  startTimeout: 60_000,
  // Fast shutdown, then immediate shutdown, which recovers from the log at the next start.
  stop: [
    { signal: "SIGINT", seconds: 20 },
    { signal: "SIGQUIT", seconds: 5 },
  ],
  marker: () => `-D ${dataFolder(postgresHome())} `,

  // The server comes with the npm packages.
  prepare: () => Promise.resolve(),

  async launch(port, report) {
    const home = postgresHome();
    const programs = postgresPrograms(home);
    await ensureTlsFiles(home);
    if (!existsSync(dataFolder(home))) {
      report("making the database");
      await makeData(home, programs);
    }
    const settings = Object.entries(serverSettings(home, port));
    return {
      program: join(programs, "bin", "postgres"),
      args: [
        "-D",
        dataFolder(home),
        ...settings.flatMap(([name, value]) => ["-c", `${name}=${value}`]),
      ],
      cwd: home.folder,
      env: { PATH: process.env.PATH, TZ: "UTC", LC_ALL: "C" },
      ...home.account,
    };
  },

  answers: (port) =>
    withClient(port, (client) => client.query("SELECT 1")).then(
      () => true,
      () => false,
    ),
};

/** Settings beyond PostgreSQL's defaults. */
function serverSettings(home: PostgresHome, port: number): Record<string, string | number> {
  const tls = tlsFiles(home);
  return {
    listen_addresses: "127.0.0.1",
    port,
    unix_socket_directories: "",
    ssl: "on",
    ssl_cert_file: tls.certificate,
    ssl_key_file: tls.key,
    ssl_min_protocol_version: "TLSv1.2",
    password_encryption: "scram-sha-256",
    timezone: "UTC",
    log_timezone: "UTC",
    wal_level: "logical",
    max_replication_slots: 20,
    max_wal_senders: 20,
    // Quick loads on a laptop: few checkpoints, room to build indexes.
    shared_buffers: "256MB",
    maintenance_work_mem: "256MB",
    max_wal_size: "4GB",
    checkpoint_timeout: "15min",
    // Containers often have next to no shared memory for parallel workers.
    max_parallel_workers_per_gather: 0,
    max_parallel_maintenance_workers: 0,
  };
}

/** Clients come over TLS with a password or not at all. */
const HOST_RULES = `hostssl all         all 127.0.0.1/32 scram-sha-256
hostssl replication all 127.0.0.1/32 scram-sha-256
`;

/** Makes the data folder in a draft that is renamed when complete. */
async function makeData(home: PostgresHome, programs: string): Promise<void> {
  const draft = join(home.folder, "data.draft");
  const secret = join(home.folder, "initial-password");
  const password = randomBytes(24).toString("base64url");
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  giveToPostgres(home, draft);
  writeFileSync(secret, password, { mode: 0o600 });
  giveToPostgres(home, secret);
  try {
    await run(
      join(programs, "bin", "initdb"),
      [
        `--pgdata=${draft}`,
        `--username=${POSTGRES_USER}`,
        `--pwfile=${secret}`,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--locale=C.UTF-8",
        "--builtin-locale=C.UTF-8",
      ],
      {
        cwd: home.folder,
        env: { PATH: process.env.PATH, TZ: "UTC", LC_ALL: "C" },
        ...home.account,
      },
    );
    writeWhole(passwordFile(), `${password}\n`, 0o600);
    const rules = join(draft, "pg_hba.conf");
    writeFileSync(rules, HOST_RULES);
    chmodSync(rules, 0o600);
    renameSync(draft, dataFolder(home));
  } finally {
    rmSync(secret, { force: true });
  }
}

async function withClient<T>(port: number, work: (client: Client) => Promise<T>): Promise<T> {
  const { Client } = await import("pg");
  const client = new Client(connectionOn(port, MAINTENANCE_DATABASE));
  // An error between queries ends the connection; the query after it then says so.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
