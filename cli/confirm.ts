import { createInterface } from "node:readline/promises";

import { UserError } from "../model/errors";

/**
 * Asks before something is done that cannot be left undone.
 * @throws UserError where nobody can be asked
 */
export async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new UserError(`${question} Nobody can be asked here: add --yes to do it.`);
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await prompt.question(`${question} [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    prompt.close();
  }
}
