/** Four 32-bit words from a text; two texts that differ little give unrelated words. */
function hash(text: string): [number, number, number, number] {
  let a = 1779033703;
  let b = 3144134277;
  let c = 1013904242;
  let d = 2773480762;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = b ^ Math.imul(a ^ code, 597399067);
    b = c ^ Math.imul(b ^ code, 2869860233);
    c = d ^ Math.imul(c ^ code, 951274213);
    d = a ^ Math.imul(d ^ code, 2716044179);
  }
  return [a >>> 0, b >>> 0, c >>> 0, d >>> 0];
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/**
 * A seeded generator of random numbers (the sfc32 algorithm of PractRand): the same seed gives the
 * same series on every machine. Not for secrets.
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter: number;

  constructor(private readonly seed: number | string) {
    [this.a, this.b, this.c, this.counter] = hash(String(seed));
    for (let i = 0; i < 12; i++) this.word();
  }

  /** A generator of its own for one concern, unaffected by how much the others draw. */
  fork(name: string): Random {
    return new Random(`${this.seed}/${name}`);
  }

  /** 32 random bits. */
  private word(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** A number from 0 to below 1. */
  next(): number {
    return this.word() / 4294967296;
  }

  /** A whole number from `min` to `max`, both included. */
  int(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.next() * choices.length)] as T;
  }

  /** An index, each as often as its share of the running totals that `cumulate` gives. */
  weighted(totals: Float64Array): number {
    const wanted = this.next() * (totals[totals.length - 1] as number);
    let low = 0;
    let high = totals.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((totals[middle] as number) > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** A number of the exponential distribution. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }

  /** A number of the log-normal distribution with median 1. */
  logNormal(sigma: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return Math.exp(sigma * radius * Math.cos(2 * Math.PI * this.next()));
  }

  /** Puts a list into random order, in place. */
  shuffle<T extends number[] | Int32Array>(list: T): T {
    for (let i = list.length - 1; i > 0; i--) {
      const j = this.int(0, i);
      const moved = list[i] as number;
      list[i] = list[j] as number;
      list[j] = moved;
    }
    return list;
  }

  /** A version 4 UUID. */
  uuid(): string {
    const words = [this.word(), (this.word() & 0xffff0fff) | 0x4000, this.word(), this.word()];
    words[2] = ((words[2] as number) & 0x3fffffff) | 0x80000000;
    let text = "";
    for (let i = 0; i < 16; i++) {
      if (i === 4 || i === 6 || i === 8 || i === 10) text += "-";
      text += HEX[((words[i >> 2] as number) >>> (24 - 8 * (i & 3))) & 0xff];
    }
    return text;
  }
}

/** Gives 0 to below `count` in turn, so that all of them come where few are wanted. */
export function inTurn(count: number): () => number {
  let next = 0;
  return () => next++ % count;
}

/** Running totals of weights, as `Random.weighted` wants them. */
export function cumulate(weights: ArrayLike<number>): Float64Array {
  const totals = new Float64Array(weights.length);
  let sum = 0;
  for (let i = 0; i < weights.length; i++) totals[i] = sum += weights[i] as number;
  return totals;
}

/**
 * Splits a whole number in proportion to weights by largest remainders; every part gets at least
 * `least`. Throws a RangeError when the total is too small for that.
 */
export function apportion(total: number, weights: readonly number[], least: number): number[] {
  const spare = total - least * weights.length;
  if (spare < 0) {
    throw new RangeError(`${total} cannot be split into ${weights.length} parts of ${least}`);
  }
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const exact = weights.map((weight) => (spare * weight) / sum);
  const parts = exact.map(Math.floor);
  const left = spare - parts.reduce((all, part) => all + part, 0);
  exact
    .map((share, index) => ({ index, remainder: share - Math.floor(share) }))
    .sort((one, other) => other.remainder - one.remainder || one.index - other.index)
    .slice(0, left)
    .forEach(({ index }) => (parts[index] = (parts[index] as number) + 1));
  return parts.map((part) => part + least);
}
