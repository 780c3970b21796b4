import { setTimeout as sleep } from "node:timers/promises";

import { UserError } from "../../model/errors";

export interface PollOptions {
  /** Milliseconds from one question to the next. */
  readonly everyMs: number;
  /** Milliseconds after which waiting ends. */
  readonly timeoutMs: number;
  /** Ends the waiting; what is waited for goes on. */
  readonly signal?: AbortSignal;
  /** What is waited for, as in "waiting for … ". */
  readonly what: string;
}

/**
 * Asks until the answer is final, and gives it. AWS's own waiters know few of these services, and
 * fail on states that come before the one that is waited for.
 * @throws UserError when it takes too long
 */
export async function poll<Answer>(
  ask: () => Promise<Answer>,
  isFinal: (answer: Answer) => boolean,
  { everyMs, timeoutMs, signal, what }: PollOptions,
): Promise<Answer> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (isFinal(answer)) return answer;
    if (Date.now() + everyMs > deadline) {
      const minutes = Math.round(timeoutMs / 60_000);
      throw new UserError(
        `waited ${minutes} minutes for ${what}; it goes on, look at it again later`,
      );
    }
    await sleep(everyMs, undefined, { signal });
  }
}
