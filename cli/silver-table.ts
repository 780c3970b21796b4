import { UserError } from "../model/errors";
import type { Lake } from "../model/lake";

/**
 * The name of a silver table as a person gives it: `core_order` or `silver.core_order`.
 * @throws UserError for gold, which follows from silver, and for what the lake does not have
 */
export function silverTable({ definition }: Lake, given: string): string {
  const name = given.replace(/^silver\./, "");
  if (name in definition.tables) return name;
  const model = name.replace(/^gold\./, "");
  if (model in definition.models) {
    throw new UserError(
      `gold.${model} is made from silver: take back the silver tables that it reads, or ./lake gold --rebuild`,
    );
  }
  const known = Object.keys(definition.tables).join(", ");
  throw new UserError(`lake ${definition.name} has no table "${name}"; expected one of ${known}`);
}
