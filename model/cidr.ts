import { UserError } from "./errors";

/** A range of IPv4 addresses. */
export interface Cidr {
  /** The first address as a number. */
  readonly first: number;
  /** Bits that all its addresses have in common. */
  readonly prefix: number;
}

/**
 * Reads `10.40.0.0/16`.
 * @param setting name of the setting that holds it, for the message
 * @throws UserError when the text is no range, or one that does not begin at its first address
 */
export function parseCidr(text: string, setting: string): Cidr {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  const numbers = match?.slice(1).map(Number) ?? [];
  const [a = 256, b = 256, c = 256, d = 256, prefix = 33] = numbers;
  const first = ((a * 256 + b) * 256 + c) * 256 + d;
  const isRange = [a, b, c, d].every((part) => part < 256) && prefix <= 32;
  if (!isRange || first % size(prefix) !== 0) {
    throw new UserError(
      `${setting} is "${text}"; expected a range of IPv4 addresses, as 10.40.0.0/16`,
    );
  }
  return { first, prefix };
}

/** Whether every address of `inner` is one of `outer`. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  const start = inner.first - outer.first;
  return start >= 0 && start + size(inner.prefix) <= size(outer.prefix);
}

/** Whether two ranges have an address in common; of two ranges, then one contains the other. */
export function overlap(one: Cidr, other: Cidr): boolean {
  return contains(one, other) || contains(other, one);
}

function size(prefix: number): number {
  return 2 ** (32 - prefix);
}
