import type { CsvContent } from "./sample-csv";
import type { Random } from "./sample-random";

/** The rows of a file that get a flaw: one of the first, and then one of so many. */
const FIRST = 10;
const APART = { least: 100, most: 300 };

/** Answers, row by row, whether this one gets the flaw. */
export function hits(random: Random): () => boolean {
  let left = random.int(1, FIRST);
  return () => {
    if (--left > 0) return false;
    left = random.int(APART.least, APART.most);
    return true;
  };
}

/** Some rows stand twice, one after the other. */
export function duplicateRows({ header, records }: CsvContent, random: Random): CsvContent {
  function* doubled() {
    const hit = hits(random);
    for (const record of records) {
      yield record;
      if (hit()) yield record;
    }
  }
  return { header, records: doubled() };
}

/** Some rows lack a value, now and then their key. */
export function nulls(content: CsvContent, random: Random): CsvContent {
  return rewritten(content, random, () => ({
    column: random.int(0, content.header.length - 1),
    value: "",
  }));
}

const NO_DATES = ["31/12/2026", "2026-13-45", "0000-00-00", "20261131", "yesterday"];

/** Some rows have something in a column of dates or times that is none. */
export function badDates(content: CsvContent, random: Random): CsvContent {
  const columns = content.header.flatMap((name, index) => (/_(date|at)$/.test(name) ? index : []));
  if (columns.length === 0) return content;
  return rewritten(content, random, () => ({
    column: random.pick(columns),
    value: random.pick(NO_DATES),
  }));
}

/** The columns come in another order. */
export function changedHeaderOrder({ header, records }: CsvContent, random: Random): CsvContent {
  const order = random.shuffle(header.map((_, index) => index));
  const reorder = (record: readonly string[]) => order.map((index) => record[index] as string);
  return { header: reorder(header), records: mapped(records, reorder) };
}

/** A column comes that nobody has announced. */
export function extraColumn({ header, records }: CsvContent, random: Random): CsvContent {
  const value = () => (random.chance(0.5) ? random.pick(["A", "B", "see, note"]) : "");
  return {
    header: [...header, "loyalty_tier"],
    records: mapped(records, (record) => [...record, value()]),
  };
}

function rewritten(
  { header, records }: CsvContent,
  random: Random,
  change: () => { readonly column: number; readonly value: string },
): CsvContent {
  const hit = hits(random);
  const rewrite = (record: readonly string[]) => {
    if (!hit()) return record;
    const { column, value } = change();
    return record.with(column, value);
  };
  return { header, records: mapped(records, rewrite) };
}

function* mapped<From, To>(items: Iterable<From>, map: (item: From) => To): Iterable<To> {
  for (const item of items) yield map(item);
}
