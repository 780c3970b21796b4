import type { LakeDefinition } from "./definition";
import type { Problem } from "./definition-shape";
import { UserError } from "./errors";

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
 * Gives a lake definition its type: the one place where a lake's tables are described. Its mistakes
 * are reported together with those of the SQL beside it, when the lake is loaded (lakes/load.ts).
 */
export function defineLake(definition: LakeDefinition): LakeDefinition {
  return definition;
}
