import { DatabaseError } from "pg";

import { postgresConnection } from "../services/postgres-connection";
import { connectSource, sourceOf } from "./connection";
import { quoteIdentifier } from "./identifiers";

/** SQLSTATE of a database that is there already; of one that another session makes just now. */
const THERE = ["42P04", "23505"];

/** Creates a database of the embedded PostgreSQL, which must run, unless it has it. */
export async function ensureDatabase(name: string): Promise<void> {
  const server = sourceOf({ ...postgresConnection(), mode: "verify-full", embedded: true });
  const client = await connectSource(server);
  try {
    const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [name]);
    if (!rowCount) await client.query(`CREATE DATABASE ${quoteIdentifier(name)}`);
  } catch (error) {
    if (!(error instanceof DatabaseError) || !THERE.includes(error.code ?? "")) throw error;
  } finally {
    await client.end();
  }
}
