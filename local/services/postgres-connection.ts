import { UserError } from "../../model/errors";
import { connectionOn, type PostgresConnection, SAMPLE_DATABASE } from "./postgres-credentials";
import { currentState } from "./use";

/**
 * How to connect to the embedded PostgreSQL, which must run (`useService("postgres")`).
 * @throws {UserError} when it does not run
 */
export function postgresConnection(database: string = SAMPLE_DATABASE): PostgresConnection {
  const server = currentState("postgres");
  if (server?.state !== "ready" || !server.port)
    throw new UserError("PostgreSQL does not run. Start it: ./lake up");
  return connectionOn(server.port, database);
}
