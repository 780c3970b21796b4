import type { Manifest, ManifestTable } from "./manifest";

/** The name, in quarantine, of the lines of a table's files that cannot be read as rows. */
export function rejectedLinesOf(table: string): string {
  return `${table}_lines`;
}

/** The tables of a lake that have rows of files. */
export function tablesWithFiles(
  manifest: Manifest,
): (ManifestTable & { readonly files: NonNullable<ManifestTable["files"]> })[] {
  return manifest.tables.flatMap((table) =>
    table.files ? [{ ...table, files: table.files }] : [],
  );
}
