import { existsSync } from "node:fs";
import { join } from "node:path";

import { UserError } from "../model/errors";
import type { CsvContent } from "./sample-csv";
import type { FlawName } from "./sample-file-flaws";

/** What a person may choose about a dropped file; the same request gives the same bytes. */
export interface DropRequest {
  readonly rows: number;
  readonly seed: number;
  /** When the file is made; rows are of the days before. */
  readonly at: Date;
  /** How many files of this drop there were before. */
  readonly sequence: number;
}

/** `20261122-013005`, UTC. */
export function fileTime(at: Date): string {
  return at.toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
}

/** CSV files of a kind that somebody drops for a lake: what `./lake drop` writes. */
export interface SampleDrop {
  /** As commands call it: `sales-orders`. */
  readonly name: string;
  /** Folder below the lake's drops. */
  readonly folder: string;
  /** Rows of a file, where nobody says otherwise. */
  readonly rows: number;
  /** Names of its files, without those that flaws put beside them. */
  readonly names: RegExp;
  /** Name of the file that is made then; in the order of names a file comes after those before it. */
  fileName(at: Date, sequence: number): string;
  /** Flaws of a file, where nobody says otherwise. */
  flaws(sequence: number): readonly FlawName[];
  /** Its rows without a flaw, generated while they are read. Throws a RangeError for too many rows. */
  content(request: DropRequest): CsvContent;
}

/**
 * The drops of a lake, found by convention in `lakes/<name>/files/index.ts`.
 * @throws UserError when the lake has none
 */
export function loadSampleDrops(lake: string): readonly SampleDrop[] {
  const file = join(__dirname, lake, "files", "index.ts");
  if (!existsSync(file)) {
    throw new UserError(
      `the lake "${lake}" has no files to drop; expected lakes/${lake}/files/index.ts`,
    );
  }
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- lakes are found by name
  return (require(file) as { sampleDrops: readonly SampleDrop[] }).sampleDrops;
}
