export { postgresConnection } from "./postgres-connection";
export type { PostgresConnection } from "./postgres-credentials";
export { findService, SERVICES } from "./registry";
export { currentState, keepService, type Running, stopService, useService } from "./use";
export { useTrino } from "./use-trino";
