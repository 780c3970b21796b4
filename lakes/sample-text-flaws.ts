import type { Random } from "./sample-random";
import { hits } from "./sample-record-flaws";

/** Some lines hold a quote that nothing closes. The header stays whole. */
export function* strayQuotes(lines: Iterable<string>, random: Random): Iterable<string> {
  const hit = hits(random);
  let isHeader = true;
  for (const line of lines) {
    const at = isHeader || !hit() ? -1 : random.int(0, line.length - 2);
    yield at < 0 ? line : `${line.slice(0, at)}"${line.slice(at)}`;
    isHeader = false;
  }
}

/** The last line ends in its middle, without a line end. */
export function* truncatedLastLine(lines: Iterable<string>): Iterable<string> {
  let last: string | undefined;
  for (const line of lines) {
    if (last !== undefined) yield last;
    last = line;
  }
  if (last !== undefined) yield last.slice(0, Math.floor(last.length / 2));
}

/** Lines end as Windows ends them. */
export function* windowsLineEnds(lines: Iterable<string>): Iterable<string> {
  for (const line of lines) yield line.replace(/\n$/, "\r\n");
}

/** The file begins with a byte order mark. */
export function* byteOrderMark(lines: Iterable<string>): Iterable<string> {
  let mark = "\uFEFF";
  for (const line of lines) {
    yield mark + line;
    mark = "";
  }
}
