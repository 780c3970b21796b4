import type { Manifest, ManifestTable } from "./manifest";

/** The name, in quarantine, of the lines of a table's files that cannot be read as rows. */
export function rejectedLinesOf(table: string): string {
  return `${table}_lines`;
}

/** What names of files begin and end with that writers give to what is not ready, in small letters. */
const UNFINISHED = {
  beginnings: [".", "_", "~"],
  endings: [".tmp", ".part", ".partial", ".filepart", ".crdownload", ".swp", "~"],
} as const;

/** Hadoop's file systems open no file with one of these in its name. */
const UNREADABLE = [":", "\n", "\r"] as const;

/** Whether the name says that the file is not ready, or is nobody's data. */
export function isUnfinished(name: string): boolean {
  const { beginnings, endings } = UNFINISHED;
  const small = name.toLowerCase();
  return (
    beginnings.some((beginning) => small.startsWith(beginning)) ||
    endings.some((ending) => small.endsWith(ending))
  );
}

/** Whether no run could open a file of this name. */
export function isUnreadable(name: string): boolean {
  return UNREADABLE.some((character) => name.includes(character));
}

/**
 * The names of `isUnfinished` and those with a colon as AWS DataSync's patterns, which are about
 * whole paths and tell small letters from capitals. Source: AWS DataSync user guide, "Specifying
 * what AWS DataSync transfers by using filters".
 */
export function heldBackPatterns(): string[] {
  const { beginnings, endings } = UNFINISHED;
  const cased = new Set(endings.flatMap((ending) => [ending, ending.toUpperCase()]));
  return [
    ...beginnings.map((beginning) => `*/${beginning}*`),
    ...[...cased].map((ending) => `*${ending}`),
    "*:*",
  ];
}

/** The tables of a lake that have rows of files. */
export function tablesWithFiles(
  manifest: Manifest,
): (ManifestTable & { readonly files: NonNullable<ManifestTable["files"]> })[] {
  return manifest.tables.flatMap((table) =>
    table.files ? [{ ...table, files: table.files }] : [],
  );
}
