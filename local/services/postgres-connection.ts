import { UserError } from "../../model/errors";
import {
  connectionOn,
  MAINTENANCE_DATABASE,
  type PostgresConnection,
} from "./postgres-credentials";
import { currentState } from "./use";

/**
 * How to connect to the embedded PostgreSQL, which must run (`useService("postgres")`).
 * @param database must be there, see `ensureDatabase`. @default the one that every server has
 * @throws {UserError} when it does not run
 */
export function postgresConnection(database: string = MAINTENANCE_DATABASE): PostgresConnection {
  const server = currentState("postgres");
  if (server?.state !== "ready" || !server.port)
    throw new UserError("PostgreSQL does not run. Start it: ./lake up");
  return connectionOn(server.port, database);
}
