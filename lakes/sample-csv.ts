import { stringify } from "csv-stringify/sync";

/** A CSV file before it is text; a value that is missing is the empty text. */
export interface CsvContent {
  readonly header: readonly string[];
  readonly records: Iterable<readonly string[]>;
}

/** Records that are written at once. */
const BATCH = 5_000;

/** The lines of the file, header first, each with its line end; values must hold no line breaks. */
export function* csvLines({ header, records }: CsvContent): Iterable<string> {
  let batch: (readonly string[])[] = [header];
  for (const record of records) {
    batch.push(record);
    if (batch.length < BATCH) continue;
    yield* linesOf(batch);
    batch = [];
  }
  yield* linesOf(batch);
}

function* linesOf(batch: readonly (readonly string[])[]): Iterable<string> {
  const text = stringify(batch as string[][]);
  let start = 0;
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
    yield text.slice(start, end + 1);
    start = end + 1;
  }
}
