import { type CsvContent, csvLines } from "./sample-csv";
import { Random } from "./sample-random";
import * as records from "./sample-record-flaws";
import * as texts from "./sample-text-flaws";

/** What may be wrong with the rows of a file. */
const RECORD_FLAWS = {
  "duplicate-rows": records.duplicateRows,
  nulls: records.nulls,
  "bad-dates": records.badDates,
  "changed-header-order": records.changedHeaderOrder,
  "extra-column": records.extraColumn,
} as const;

/** What may be wrong with the text of a file; a mark at its beginning is put there last. */
const TEXT_FLAWS = {
  "stray-quotes": texts.strayQuotes,
  "truncated-last-line": texts.truncatedLastLine,
  "windows-line-ends": texts.windowsLineEnds,
  "byte-order-mark": texts.byteOrderMark,
} as const;

/** What may be wrong with the delivery of a file. */
const DELIVERY_FLAWS = {
  "delivered-twice": deliveredTwice,
  "empty-file": emptyFile,
} as const;

type RecordFlaw = keyof typeof RECORD_FLAWS;
type TextFlaw = keyof typeof TEXT_FLAWS;
type DeliveryFlaw = keyof typeof DELIVERY_FLAWS;
export type FlawName = RecordFlaw | TextFlaw | DeliveryFlaw;

const names = <T extends object>(flaws: T) => Object.keys(flaws) as (keyof T & FlawName)[];
export const RECORD_FLAW_NAMES: readonly RecordFlaw[] = names(RECORD_FLAWS);
export const FLAW_NAMES: readonly FlawName[] = [
  ...RECORD_FLAW_NAMES,
  ...names(TEXT_FLAWS),
  ...names(DELIVERY_FLAWS),
];

/** A file to be dropped. */
export interface DroppedFile {
  readonly name: string;
  readonly flaws: readonly FlawName[];
  /** Its text in pieces, generated while it is read. */
  text(): Iterable<string>;
}

/** The file with these flaws in it, and those that come beside it. */
export function flawedFiles(
  name: string,
  content: () => CsvContent,
  flaws: readonly FlawName[],
  seed: number | string,
): readonly DroppedFile[] {
  const has = (flaw: FlawName) => flaws.includes(flaw);
  const inFile = flaws.filter((flaw) => !(flaw in DELIVERY_FLAWS));
  const random = new Random(`${seed}/flaws`);
  const text = () => {
    const flawed = names(RECORD_FLAWS)
      .filter(has)
      .reduce((made, flaw) => RECORD_FLAWS[flaw](made, random.fork(flaw)), content());
    return names(TEXT_FLAWS)
      .filter(has)
      .reduce((lines, flaw) => TEXT_FLAWS[flaw](lines, random.fork(flaw)), csvLines(flawed));
  };
  return names(DELIVERY_FLAWS)
    .filter(has)
    .reduce<readonly DroppedFile[]>(
      (files, flaw) => DELIVERY_FLAWS[flaw](files),
      [{ name, flaws: inFile, text }],
    );
}

/** The first file comes a second time, the same bytes under another name. */
export function deliveredTwice(files: readonly DroppedFile[]): readonly DroppedFile[] {
  return files.flatMap((file, index) => {
    if (index > 0) return [file];
    const flaws: FlawName[] = [...file.flaws, "delivered-twice"];
    return [file, { ...file, name: beside(file.name, "again"), flaws }];
  });
}

/** A file without a byte comes as well. */
export function emptyFile(files: readonly DroppedFile[]): readonly DroppedFile[] {
  return files.flatMap((file, index) =>
    index > 0
      ? [file]
      : [file, { name: beside(file.name, "empty"), flaws: ["empty-file"], text: () => [] }],
  );
}

function beside(name: string, word: string): string {
  return name.replace(/(?=\.csv$)/, `-${word}`);
}
