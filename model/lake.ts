import { buildManifest } from "./build-manifest";
import { columnProblems, type CompiledSchema } from "./compiled-columns";
import { DefinitionError } from "./define-lake";
import type { LakeDefinition } from "./definition";
import type { Problem, WellFormed } from "./definition-shape";
import type { Manifest } from "./manifest";
import { inputsOf, rowWiseProblem } from "./sql-references";
import { validateDefinition } from "./validate";

/** What stands beside a definition: SQL by table and model name, and the compiled columns. */
export interface LakeFiles {
  readonly silver: Readonly<Record<string, string>>;
  readonly gold: Readonly<Record<string, string>>;
  readonly schema: CompiledSchema;
}

/** A lake: its definition and the manifest that follows from it and the files beside it. */
export interface Lake {
  readonly definition: LakeDefinition;
  readonly manifest: Manifest;
}

/**
 * Joins a definition with its SQL and compiled schema.
 * @throws DefinitionError naming every mistake: those of the definition alone, SQL that is missing or
 * belongs to nothing, silver SQL that is not row-wise, gold SQL that reads what does not exist or
 * itself in a circle, columns that the compiled result does not have.
 */
export function assembleLake(definition: LakeDefinition, files: LakeFiles): Lake {
  const { problems, rest } = validateDefinition(definition);
  const order = rest ? checkFiles(definition.name, rest, files, problems) : [];
  if (problems.length > 0) throw new DefinitionError(definition.name, problems);
  return { definition, manifest: buildManifest(definition, files, order) };
}

/** Adds the mistakes of the files; gives the models, each after those it reads. */
function checkFiles(
  lake: string,
  definition: WellFormed,
  files: LakeFiles,
  problems: Problem[],
): string[] {
  problems.push(
    ...silverProblems(lake, definition, files),
    ...goldProblems(lake, definition, files),
  );
  for (const { path, problem } of columnProblems(definition, files.schema)) {
    const remedy = `if its SQL has it by now, run ./lake compile --lake ${lake}`;
    problems.push({ path, problem: `${problem}; ${remedy}` });
  }
  return dependencyOrder(lake, definition, files.gold, problems);
}

function silverProblems(lake: string, { tables }: WellFormed, { silver }: LakeFiles): Problem[] {
  const problems: Problem[] = [];
  for (const [name, sql] of Object.entries(silver)) {
    const path = `sql/${lake}/silver/${name}.sql`;
    if (!tables[name]) problems.push({ path, problem: `no table "${name}" is defined` });
    const problem = rowWiseProblem(sql, name);
    if (problem) problems.push({ path, problem });
  }
  return problems;
}

function goldProblems(lake: string, definition: WellFormed, { gold }: LakeFiles): Problem[] {
  const problems: Problem[] = [];
  const file = (name: string) => `sql/${lake}/gold/${name}.sql`;
  for (const name of Object.keys(gold)) {
    if (definition.models[name]) continue;
    problems.push({ path: file(name), problem: `no model "${name}" is defined` });
  }
  for (const name of Object.keys(definition.models)) {
    const sql = gold[name];
    if (sql === undefined) {
      problems.push({ path: `models.${name}`, problem: `${file(name)} does not exist` });
    } else {
      problems.push(...inputProblems(file(name), definition, name, inputsOf(sql)));
    }
  }
  return problems;
}

function inputProblems(
  path: string,
  { tables, models }: WellFormed,
  name: string,
  inputs: readonly string[],
): Problem[] {
  const isKnown = (input: string) => {
    const [layer, relation = ""] = input.split(".");
    return relation in (layer === "silver" ? tables : models);
  };
  const problems = inputs
    .filter((input) => !isKnown(input))
    .map((input) => ({ path, problem: `reads ${input}, which the lake does not have` }));
  if (inputs.length === 0)
    problems.push({ path, problem: "reads no silver.<table> or gold.<model>" });
  for (const input of Object.keys(models[name]?.touched ?? {})) {
    if (!isKnown(input) || inputs.includes(input)) continue;
    problems.push({
      path: `models.${name}.touched["${input}"]`,
      problem: `${path} does not read ${input}`,
    });
  }
  return problems;
}

/** The models, each after those it reads; a circle is a problem. */
function dependencyOrder(
  lake: string,
  { models }: WellFormed,
  gold: Readonly<Record<string, string>>,
  problems: Problem[],
): string[] {
  const order: string[] = [];
  const visit = (name: string, trail: readonly string[]): void => {
    if (order.includes(name) || !(name in models)) return;
    if (trail.includes(name)) {
      problems.push({
        path: `sql/${lake}/gold/${name}.sql`,
        problem: `reads itself in a circle: ${[...trail.slice(trail.indexOf(name)), name].join(" → ")}`,
      });
      return;
    }
    for (const input of inputsOf(gold[name] ?? "")) {
      if (input.startsWith("gold.")) visit(input.slice("gold.".length), [...trail, name]);
    }
    if (!order.includes(name)) order.push(name);
  };
  for (const name of Object.keys(models)) visit(name, []);
  return order;
}
