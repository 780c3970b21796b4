import type { Manifest } from "../manifest";
import { type QualityRule, referencedTables } from "../quality-rules";

/** A ruleset of AWS Glue Data Quality on one table of the catalog. */
export interface QualityRuleset {
  /** Told apart from the lake's other rulesets by it: `silver-orders`, `silver-orders-references`. */
  readonly name: string;
  readonly layer: "silver" | "gold";
  /** The table or model. */
  readonly table: string;
  /** The silver tables that its rules name, under their names: a run is given them by these. */
  readonly references: readonly string[];
  /** The document in DQDL. */
  readonly dqdl: string;
}

/**
 * A lake's quality rules as rulesets on its catalog tables. The job evaluates the same rules on what
 * it is about to commit; these are for whoever looks at, or evaluates, the table in the catalog.
 *
 * Rules that name other tables have a ruleset of their own, so that the others can be evaluated
 * without more: DQDL knows other tables by alias, and what an alias stands for is told to each run
 * (AWS Glue API, StartDataQualityRulesetEvaluationRun, `AdditionalDataSources`).
 */
export function qualityRulesets({ tables, models }: Manifest): QualityRuleset[] {
  return [
    ...tables.flatMap(({ name, quality }) => rulesetsOf("silver", name, quality)),
    ...models.flatMap(({ name, quality }) => rulesetsOf("gold", name, quality)),
  ];
}

function rulesetsOf(
  layer: QualityRuleset["layer"],
  table: string,
  quality: readonly QualityRule[],
): QualityRuleset[] {
  const rules = quality.filter(({ dqdl }) => !isDynamic(dqdl));
  const ruleset = (name: string, its: readonly QualityRule[]): QualityRuleset[] => {
    const references = [...new Set(its.flatMap(({ dqdl }) => referencedTables(dqdl)))];
    return its.length === 0 ? [] : [{ name, layer, table, references, dqdl: document(its) }];
  };
  const namesOthers = ({ dqdl }: QualityRule) => referencedTables(dqdl).length > 0;
  return [
    ...ruleset(
      `${layer}-${table}`,
      rules.filter((rule) => !namesOthers(rule)),
    ),
    ...ruleset(`${layer}-${table}-references`, rules.filter(namesOthers)),
  ];
}

/**
 * Whether a rule compares with what it measured before. The catalog refuses such rules: AWS Glue
 * keeps what was measured for jobs alone (DQDL reference, "Dynamic rules"). They are the job's.
 */
function isDynamic(dqdl: string): boolean {
  return /\blast\(\s*\d*\s*\)/.test(dqdl);
}

/** DQDL knows no severity: comments tell it. */
function document(rules: readonly QualityRule[]): string {
  const said = {
    stop: "# A batch after which one of these did not hold stays out of the table.",
    warn: "# These warn.",
  };
  const lines = (["stop", "warn"] as const).flatMap((severity) => {
    const its = rules.filter((rule) => rule.severity === severity);
    return its.map(({ dqdl }, index) => (index === 0 ? `${said[severity]}\n    ${dqdl}` : dqdl));
  });
  return `Rules = [\n    ${lines.join(",\n    ")}\n]`;
}
