import type { ManifestTable } from "./manifest";

/**
 * Columns that the pipeline adds to silver tables, never shown to tenants. The job's own names for
 * them are in glue-scripts/lakewright/bookkeeping.py.
 */
const ALWAYS = [
  { name: "_lw_order", type: "string", comment: "Order of the newest change applied" },
  { name: "_lw_committed_at", type: "timestamp", comment: "Commit time of that change, UTC" },
] as const;

const WHERE_DELETES_ARE_SOFT = {
  name: "_lw_deleted",
  type: "boolean",
  comment: "Whether the source deleted the row",
} as const;

const WHERE_FILES_HAVE_ROWS = [
  {
    name: "_lw_file",
    type: "string",
    comment: "File that the row comes from, null for a database's",
  },
  { name: "_lw_line", type: "bigint", comment: "Its line in that file, from 1" },
] as const;

/** Names of the bookkeeping columns that any silver table may have. */
export const BOOKKEEPING_COLUMNS: readonly string[] = [
  ...ALWAYS,
  WHERE_DELETES_ARE_SOFT,
  ...WHERE_FILES_HAVE_ROWS,
].map(({ name }) => name);

/** The bookkeeping columns of a silver table, with Spark types. */
export function bookkeepingColumns(
  table: Pick<ManifestTable, "deletes" | "files">,
): { name: string; type: string; comment: string }[] {
  return [
    ...ALWAYS,
    ...(table.deletes === "soft" ? [WHERE_DELETES_ARE_SOFT] : []),
    ...(table.files ? WHERE_FILES_HAVE_ROWS : []),
  ];
}
