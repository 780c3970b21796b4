import { existsSync } from "node:fs";
import { join } from "node:path";

import { UserError } from "../model/errors";

/**
 * What `./lake demo` shows of a lake, as SQL: `source` runs on the source database, `lake` in
 * Athena's dialect (Trino) and, where it is asked as of a time, in Spark as well.
 */
export interface DemoStory {
  /** A query of the lake's library that shows its business. */
  readonly query: string;
  /** Sample CSV files (`./lake drop`) that are dropped for the lake. @default none */
  readonly drops?: readonly {
    readonly name: string;
    readonly files: number;
    readonly rows: number;
  }[];
  /** One change, followed from the source to gold. */
  readonly change: {
    readonly what: string;
    /** Makes the change; each run makes another one. Gives one row with a column `mark`. */
    readonly source: string;
    /** Gives a row once the change with this mark is in silver. */
    readonly silver: (mark: string) => string;
    /** Gold before and after; equal results mean that the change is not there yet. */
    readonly gold: string;
  };
  /** The same answer with and without a condition on the partition. */
  readonly pruning: {
    readonly question: string;
    /** Gives the partition to read, one value. */
    readonly partition: string;
    readonly whole: (partition: string) => string;
    readonly pruned: (partition: string) => string;
  };
  /** A mass update gone wrong, and what mends it. */
  readonly mistake: {
    readonly what: string;
    readonly table: string;
    readonly wrong: string;
    readonly mend: string;
    /** One figure that the mistake changes. */
    readonly figure: string;
  };
  /** One question, answered from each layer with the same result. */
  readonly layers: {
    readonly question: string;
    readonly bronze: string;
    readonly silver: string;
    readonly gold: string;
  };
}

/**
 * The demo of a lake: `lakes/<name>/demo.ts`.
 * @throws UserError for a lake without one
 */
export function loadDemoStory(lake: string): DemoStory {
  const file = join(__dirname, lake, "demo.ts");
  if (!existsSync(file)) throw new UserError(`lake "${lake}" has no demo: ${file} does not exist`);
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- lakes are found by name
  return (require(file) as { default: DemoStory }).default;
}
