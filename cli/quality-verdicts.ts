import type { Standing } from "../local/pipeline/results";
import { UserError } from "../model/errors";
import type { OpenSteps } from "./open-steps";

/** Verdicts of the past that are shown at once. */
const MANY = 100;

export interface VerdictOptions {
  /** Of this table or model alone, with or without its layer. */
  readonly table?: string;
  /** Judges anew first. */
  readonly evaluate?: boolean;
  /** The last verdicts instead of the newest on each rule. */
  readonly history?: boolean;
}

/**
 * Verdicts on the lake's quality rules, as its bookkeeping has them.
 * @throws UserError for a table or model that the lake does not have
 */
export async function verdictsOf(
  { lake, spark }: Pick<OpenSteps, "lake" | "spark">,
  { table, evaluate, history }: VerdictOptions,
): Promise<readonly Standing[]> {
  const name = table?.replace(/^(silver|gold)\./, "");
  const { tables, models } = lake.definition;
  if (name !== undefined && !(name in tables) && !(name in models)) {
    const known = [...Object.keys(tables), ...Object.keys(models)].join(", ");
    throw new UserError(`there is no table or model "${name}"; expected one of ${known}`);
  }
  if (evaluate) {
    await spark.step("quality", {
      ...(name === undefined ? {} : { tables: [name] }),
      only_changed: false,
    });
  }
  const { rules } = await spark.step<{ rules: Standing[] }>(
    "standing",
    history ? { last: MANY } : {},
  );
  return rules.filter((rule) => name === undefined || rule.table === name);
}
