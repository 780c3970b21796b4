import { UserError } from "../../model/errors";
import { postgresService } from "./postgres";
import type { Service } from "./service";
import { trinoService } from "./trino";

/** Every server of the laptop twin, in the order in which `lake up` starts them. */
export const SERVICES: readonly Service[] = [postgresService, trinoService];

/** @throws {UserError} when there is no service of that name */
export function findService(name: string): Service {
  const service = SERVICES.find((each) => each.name === name);
  if (service) return service;
  const names = SERVICES.map((each) => each.name).join(", ");
  throw new UserError(`There is no service "${name}"; there are ${names}.`);
}
