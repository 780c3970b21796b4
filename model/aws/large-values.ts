import { UserError } from "../errors";
import type { Manifest } from "../manifest";

/** How a DMS task carries text, json, xml and bytea values. */
export interface LargeValues {
  /** KB of the largest value; DMS cuts longer ones or fails, by `failWhenLonger`. */
  readonly maxKb: number;
  /** Whether a longer value stops the task instead of being cut. */
  readonly failWhenLonger: boolean;
  /** Rows of a full load that DMS holds in memory at once. */
  readonly rowsAtOnce: number;
}

/** The largest value that DMS recommends in limited LOB mode, the only one that S3 targets know. */
const LIMIT_KB = 102_400;

/**
 * A full load keeps LobMaxSize × CommitRate ready for each such column of each table in work: KB
 * for one column. Source: AWS DMS user guide, "Setting LOB support for source databases".
 */
const MEMORY_KB = 128 * 1024;
const MOST_ROWS = 10_000;
const FEWEST_ROWS = 10;

/**
 * How large values travel: cut where the lake says so, else never.
 * @param uncutKb KB of the largest value expected in a lake that never cuts
 * @throws UserError when DMS cannot carry values of that size
 */
export function largeValues(manifest: Manifest, uncutKb: number): LargeValues {
  const cut = manifest.max_lob_kb > 0;
  const maxKb = cut ? manifest.max_lob_kb : uncutKb;
  if (!Number.isInteger(maxKb) || maxKb < 1 || maxKb > LIMIT_KB) {
    const name = cut ? `source.maxLobKb of the lake "${manifest.lake}"` : "largestValueKb";
    throw new UserError(`${name} is ${maxKb}; DMS carries values of 1 to ${LIMIT_KB} KB to S3`);
  }
  const rows = Math.floor(MEMORY_KB / maxKb);
  return {
    maxKb,
    failWhenLonger: !cut,
    rowsAtOnce: Math.min(MOST_ROWS, Math.max(FEWEST_ROWS, rows)),
  };
}
