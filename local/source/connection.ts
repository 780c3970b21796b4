import { existsSync, readFileSync } from "node:fs";

import { Client, type ClientConfig } from "pg";

import { UserError } from "../../model/errors";
import { withoutCredentials } from "./hide-credentials";

/** How a connection to the source is protected, in libpq's terms. */
export type TlsMode = "disable" | "require" | "verify-ca" | "verify-full";

/** A source database and how to reach it. The password is reachable only by the driver. */
export interface Source {
  /** `postgres://user@host:port/database?sslmode=…`, without credentials: for messages. */
  readonly label: string;
  /** Whether the database is this checkout's own embedded one, which may be prepared unasked. */
  readonly embedded: boolean;
  readonly user: string;
  readonly database: string;
  readonly config: ClientConfig;
}

/** The variable that names the source; unlike `--source`, it may hold the password. */
export const SOURCE_VARIABLE = "LAKEWRIGHT_SOURCE";

const MODES: readonly TlsMode[] = ["disable", "require", "verify-ca", "verify-full"];
const FORM = "postgres://user@host:5432/database?sslmode=verify-full&sslrootcert=/path/ca.pem";

/** Text forms that the types are read from; a session of any other setting would write others. */
const SESSION =
  "-c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=postgres -c extra_float_digits=1 -c bytea_output=hex" +
  " -c lc_monetary=C";

/**
 * Reads a connection string.
 *
 * TLS is `require` unless `sslmode` says otherwise: `disable`, `require` (encrypted, whoever answers),
 * `verify-ca` (a certificate signed by `sslrootcert`, or by the system's authorities) or `verify-full`
 * (and for that host). The password may come by `PGPASSWORD` or the user's pgpass file as well.
 *
 * @throws UserError naming what is wrong, never the credentials
 */
export function parseSource(text: string, env: NodeJS.ProcessEnv = process.env): Source {
  const url = parseUrl(text);
  const mode = tlsMode(url);
  const user = decoded("user", url.username) || env.PGUSER;
  if (!user) throw new UserError(`the source names no user; expected ${FORM}`);
  const host = url.hostname.replace(/^\[|\]$/g, "") || env.PGHOST || "localhost";
  const port = Number(url.port || env.PGPORT || 5432);
  const database = decoded("database", url.pathname.slice(1)) || env.PGDATABASE || user;
  return sourceOf({
    host,
    port,
    user,
    database,
    password: decoded("password", url.password) || env.PGPASSWORD,
    ssl: tlsOptions(mode, url, host),
    mode,
    embedded: false,
  });
}

/**
 * Refuses a connection string with a password where it is a command's argument.
 * @throws UserError saying where the password belongs
 */
export function refusePassword(argument: string): void {
  const url = parseUrl(argument);
  if (!url.password && !url.searchParams.has("password")) return;
  throw new UserError(
    "--source holds a password, and every user of this computer sees a command's arguments in the " +
      `process list: give the password by PGPASSWORD, or the whole connection string by ${SOURCE_VARIABLE}`,
  );
}

/** What it takes to reach a server. */
export interface SourceParts {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly password: string | undefined;
  readonly ssl: ClientConfig["ssl"];
  readonly mode: TlsMode;
  readonly embedded: boolean;
}

/** A source from its parts. */
export function sourceOf(parts: SourceParts): Source {
  const { host, port, user, database, password, ssl, mode, embedded } = parts;
  const config: ClientConfig = {
    host,
    port,
    user,
    database,
    ssl,
    application_name: "lakewright",
    keepAlive: true,
    connectionTimeoutMillis: 15_000,
    // The embedded server's user has the name of the control schema, which would come first.
    options: embedded ? `${SESSION} -c search_path=public` : SESSION,
  };
  // Not enumerable: whatever prints or serialises the configuration does not print the password.
  if (password) Object.defineProperty(config, "password", { value: password, enumerable: false });
  const shownHost = host.includes(":") ? `[${host}]` : host;
  const label = `postgres://${user}@${shownHost}:${port}/${database}?sslmode=${mode}`;
  return { label, embedded, user, database, config };
}

/**
 * Opens a connection; values come back as PostgreSQL's own text, nothing is rounded on the way.
 * @throws UserError saying why the source cannot be reached and what to do
 */
export async function connectSource(source: Source, extra: ClientConfig = {}): Promise<Client> {
  const client = new Client(clientConfig(source, { ...RAW_TEXT, ...extra }));
  // A connection that breaks while nobody waits on it must not end the process.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw connectionError(source, error);
  }
}

/** The driver's configuration with the password, which object spread would lose. */
export function clientConfig(source: Source, extra: ClientConfig): ClientConfig {
  const merged = { ...source.config, ...extra };
  Object.defineProperty(merged, "password", {
    value: source.config.password,
    enumerable: false,
  });
  return merged;
}

const RAW_TEXT: ClientConfig = {
  types: { getTypeParser: () => (value: string | Buffer) => value } as ClientConfig["types"],
};

function parseUrl(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new UserError(`the source is not a connection string; expected ${FORM}`);
  }
  if (url.protocol !== "postgres:" && url.protocol !== "postgresql:") {
    throw new UserError(`the source begins with ${url.protocol}; expected ${FORM}`);
  }
  return url;
}

function decoded(part: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new UserError(
      `the source's ${part} has a % that begins no percent-encoded character; percent-encode it: %25`,
    );
  }
}

function tlsMode(url: URL): TlsMode {
  const mode = url.searchParams.get("sslmode") ?? "require";
  if ((MODES as readonly string[]).includes(mode)) return mode as TlsMode;
  throw new UserError(`sslmode is "${mode}"; expected one of ${MODES.join(", ")}`);
}

function tlsOptions(mode: TlsMode, url: URL, host: string): ClientConfig["ssl"] {
  if (mode === "disable") return false;
  const ca = certificate(url, "sslrootcert");
  const identity = { cert: certificate(url, "sslcert"), key: certificate(url, "sslkey") };
  if (mode === "require") return { ...identity, rejectUnauthorized: false };
  const verified = { ...identity, ca, rejectUnauthorized: true };
  if (mode === "verify-ca") return { ...verified, checkServerIdentity: () => undefined };
  return /^[\d.]+$|:/.test(host) ? { ...verified, host } : { ...verified, servername: host };
}

function certificate(url: URL, parameter: string): string | undefined {
  const path = url.searchParams.get(parameter);
  if (!path) return undefined;
  if (existsSync(path)) return readFileSync(path, "utf8");
  throw new UserError(`${parameter} names ${path}, which does not exist`);
}

/** SQLSTATE or Node error codes of a refused connection, with the remedy. */
const REMEDIES: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there: start the server, or check host and port",
  ENOTFOUND: "no such host: check its name",
  "28P01": "check the user and the password (PGPASSWORD)",
  "28000": "the server's pg_hba.conf does not let this user in this way",
  "3D000": "check the database's name",
  "53300": "the server has no connection left: raise max_connections or end others",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "name the authority's certificate by sslrootcert",
  SELF_SIGNED_CERT_IN_CHAIN: "name the authority's certificate by sslrootcert",
  DEPTH_ZERO_SELF_SIGNED_CERT: "name the server's certificate by sslrootcert",
  ERR_TLS_CERT_ALTNAME_INVALID: "the certificate is for another host: use its name, or verify-ca",
};

function connectionError(source: Source, error: unknown): Error {
  const { code, message } = rootCause(error);
  const remedy = message.includes("does not support SSL")
    ? "add ?sslmode=disable if an unencrypted connection is acceptable"
    : REMEDIES[code ?? ""];
  const found = withoutCredentials(message) || code;
  const text = `cannot connect to ${source.label}: ${found}${remedy ? `; ${remedy}` : ""}`;
  return Object.assign(new UserError(text), { code });
}

/** Node reports a host of several addresses as one error of several. */
function rootCause(error: unknown): { code?: string; message: string } {
  const first = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  return first as { code?: string; message: string };
}
