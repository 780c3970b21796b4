/** A position in the write-ahead log, in bytes. */
export type Lsn = bigint;

/** Reads PostgreSQL's form, `16/B374D848`. */
export function parseLsn(text: string): Lsn {
  const [high, low] = text.split("/");
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}

/** PostgreSQL's form of a position. */
export function formatLsn(lsn: Lsn): string {
  const hex = (part: bigint) => part.toString(16).toUpperCase();
  return `${hex(lsn >> 32n)}/${hex(lsn & 0xffffffffn)}`;
}

/**
 * The order of a change among all changes: 16 digits of its transaction's commit position and 19 of
 * its place in the transaction. The same change always gets the same sequence.
 * @param commit the position's {@link commitDigits}
 */
export function changeSequence(commit: string, index: number): string {
  return commit + String(index).padStart(19, "0");
}

/** The first 16 digits of the sequences of a transaction. */
export function commitDigits(commit: Lsn): string {
  return commit.toString().padStart(16, "0");
}
