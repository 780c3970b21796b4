import type { LakeDefinition } from "./definition";
import { UserError } from "./errors";
import { type Problem, validateDefinition } from "./validate";

/** Every mistake of a lake definition at once, each with its path and what was expected. */
export class DefinitionError extends UserError {
  constructor(
    lake: string,
    readonly problems: readonly Problem[],
  ) {
    const lines = problems.map(({ path, problem }) => `  ${path}: ${problem}`);
    super(
      `the definition of lake "${lake}" has ${problems.length} ${problems.length === 1 ? "mistake" : "mistakes"}:\n${lines.join("\n")}`,
    );
  }
}

/**
 * Checks a lake definition and gives it back: the one place where a lake's tables are described.
 * What depends on the SQL beside it is checked when the lake is loaded (lakes/load.ts).
 * @throws DefinitionError naming every mistake.
 */
export function defineLake(definition: LakeDefinition): LakeDefinition {
  const problems = validateDefinition(definition);
  if (problems.length > 0) throw new DefinitionError(definition.name ?? "?", problems);
  return definition;
}
