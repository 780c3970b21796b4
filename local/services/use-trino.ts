import { UserError } from "../../model/errors";
import type { Progress } from "../toolchain/progress";
import { servesLake } from "../trino/config";
import { etcFolder } from "./trino";
import { type Running, stopUnlessShared, useService } from "./use";

/**
 * Makes sure that Trino runs and serves the lake: it reads its catalogs when it starts, so that one
 * that runs already knows nothing of a lake defined since.
 * @throws {UserError} when it does not start, or cannot be started anew because others use it
 */
export async function useTrino(lake: string, progress?: Progress): Promise<Running> {
  const running = await useService("trino", progress);
  if (servesLake(etcFolder(), lake)) return running;
  try {
    const others = await stopUnlessShared("trino");
    if (others.length > 0) {
      const users = others.map(
        ({ command, process }) => `lake ${command} (process ${process?.pid})`,
      );
      throw new UserError(
        `Trino has run since before the lake ${lake} was defined, and ${users.join(" and ")} uses it: ` +
          "end that, then run ./lake down && ./lake up",
      );
    }
  } finally {
    await running[Symbol.asyncDispose]();
  }
  return useService("trino", progress);
}
