import type { FlawName } from "../../sample-file-flaws";

/** What is wrong with some rows of every file. */
export const ROW_FLAWS: readonly FlawName[] = [
  "duplicate-rows",
  "nulls",
  "bad-dates",
  "stray-quotes",
];
