import { existsSync } from "node:fs";
import { join } from "node:path";

import { UserError } from "../model/errors";
import type { Random } from "./sample-random";

/** How much data a sample source generates; each lake says in rows what that means. */
export const SAMPLE_SCALES = ["small", "medium", "large"] as const;
export type SampleScale = (typeof SAMPLE_SCALES)[number];

/** What a person may choose about the generated data; the same options give the same bytes. */
export interface SampleOptions {
  readonly scale: SampleScale;
  /** Months of history before `until`, 1 to 24. */
  readonly months: number;
  /** Owners that the data is spread over, 1 to 1000; lakes of one owner ignore it. */
  readonly tenants: number;
  readonly seed: number;
  /** End of the history, exclusive: midnight UTC of a day. */
  readonly until: Date;
}

/** Throws a RangeError that names the option out of range. */
export function checkOptions(options: SampleOptions): void {
  inRange("months", options.months, 1, 24);
  inRange("tenants", options.tenants, 1, 1000);
  inRange("seed", options.seed, 0, Number.MAX_SAFE_INTEGER);
  if (options.until.getTime() % 86_400_000 !== 0) {
    throw new RangeError("until must be midnight UTC of a day");
  }
}

function inRange(name: string, value: number, least: number, most: number): void {
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    throw new RangeError(`${name} is ${value}; it must be a whole number from ${least} to ${most}`);
  }
}

/** The rows of one table, generated while they are read. */
export interface SampleTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** Exactly how many lines `rows` gives. */
  readonly rowCount: number;
  /** One line of PostgreSQL's COPY text format per row, with its line end. */
  rows(): Iterable<string>;
}

/** The few things an activity needs of a database client; `pg.Client` fits. */
export interface SqlClient {
  query(
    text: string,
    values?: readonly unknown[],
  ): Promise<{ rows: Record<string, unknown>[]; rowCount: number | null }>;
}

/** What an activity works with; it runs inside a transaction that its caller opens and commits. */
export interface ActivityContext {
  readonly client: SqlClient;
  readonly random: Random;
  /** The application's clock: a timestamp with microseconds and zone, as PostgreSQL reads it. */
  now(): string;
}

/** One thing that a live application does in one transaction. */
export interface Activity {
  /** Name in tallies: `place_order`. */
  readonly kind: string;
  /** How often it happens compared with the others. */
  readonly weight: number;
  /** Gives the number of changed rows, cascades included; 0 when there was nothing to do it to. */
  run(context: ActivityContext): Promise<number>;
}

/** A generated application database: what `./lake seed` loads and `./lake workload` plays. */
export interface SampleSource {
  /** The database's DDL: plain statements that create the tables in the `public` schema. */
  readonly schemaFile: string;
  /** Every table that the DDL creates, referenced tables before the ones that refer to them. */
  readonly tables: readonly string[];
  /** The tables' rows, in the order of `tables`. Throws a RangeError for options out of range. */
  generate(options: SampleOptions): Iterable<SampleTable>;
  readonly activities: readonly Activity[];
}

/**
 * The sample source of a lake, found by convention in `lakes/<name>/source/index.ts`.
 * @throws UserError when the lake has none
 */
export function loadSampleSource(lake: string): SampleSource {
  const file = join(__dirname, lake, "source", "index.ts");
  if (!existsSync(file)) {
    throw new UserError(
      `the lake "${lake}" has no sample source; expected lakes/${lake}/source/index.ts`,
    );
  }
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- lakes are found by name
  return (require(file) as { sampleSource: SampleSource }).sampleSource;
}
