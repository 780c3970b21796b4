import { readFileSync } from "node:fs";
import { join } from "node:path";

import { paths } from "../paths";
import { postgresHome } from "./postgres-home";
import { tlsFiles } from "./postgres-tls";

/** The superuser of the embedded server, who may also replicate. */
export const POSTGRES_USER = "lakewright";
/** The database that every server has. */
export const MAINTENANCE_DATABASE = "postgres";

/** What a client needs to connect; fits `new pg.Client(…)`. */
export interface PostgresConnection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Verifies the server's certificate and name against the authority made for it. */
  readonly ssl: { readonly ca: string; readonly rejectUnauthorized: true };
}

/** The file with the superuser's password, readable by its owner alone. */
export const passwordFile = () => join(paths().postgres, "password");

/** How to connect to the embedded server that answers on `port`. */
export function connectionOn(port: number, database: string): PostgresConnection {
  return {
    host: "localhost",
    port,
    user: POSTGRES_USER,
    password: readFileSync(passwordFile(), "utf8").trim(),
    database,
    ssl: { ca: readFileSync(tlsFiles(postgresHome()).authority, "utf8"), rejectUnauthorized: true },
  };
}
