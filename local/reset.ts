import { rmSync } from "node:fs";

import { UserError } from "../model/errors";
import { paths } from "./paths";
import { removePostgresHome } from "./services/postgres-home";
import { SERVICES } from "./services/registry";
import { liveHolders } from "./services/state";
import { stopService } from "./services/use";

/**
 * Deletes the state of this checkout: source database, lakes, logs.
 * @throws {UserError} while another command uses a service
 */
export async function resetState(): Promise<void> {
  const users = SERVICES.flatMap(({ name }) => liveHolders(name))
    .filter((holder) => holder.process)
    .map(({ command, process }) => `lake ${command} (process ${process?.pid})`);
  if (users.length > 0)
    throw new UserError(
      `Nothing was deleted: ${[...new Set(users)].join(" and ")} still runs. End it first.`,
    );
  for (const { name } of SERVICES) await stopService(name);
  removePostgresHome();
  rmSync(paths().state, { recursive: true, force: true });
}

/** Deletes the toolchain that all checkouts of this user share; it is fetched again when needed. */
export function resetToolchain(): void {
  rmSync(paths().cache, { recursive: true, force: true });
}
