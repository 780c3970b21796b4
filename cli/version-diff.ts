import type { DifferentRow, VersionDiff } from "./lake-history";
import { printTable } from "./output";

/** Characters of a row's values that are shown; --json gives all of them. */
const SHOWN = 100;

/** Prints how two versions of a table differ: the numbers, and the rows that it names. */
export function printDiff(table: string, diff: VersionDiff): void {
  console.log(`${table} from ${diff.from} to ${diff.to}: ${countsOf(diff)}`);
  if (diff.rows.length === 0) return;
  printTable(
    ["row", "key", "values"],
    diff.rows.map((row) => [row.kind, row.key, valuesOf(row)]),
  );
  const rest = diff.added + diff.changed + diff.removed - diff.rows.length;
  if (rest > 0) console.log(`and ${rest.toLocaleString("en-US")} more`);
}

/** `3 rows added, 1 changed, 0 removed`. */
export function countsOf({ added, changed, removed }: VersionDiff): string {
  const [a, c, r] = [added, changed, removed].map((rows) => rows.toLocaleString("en-US"));
  return `${a} rows added, ${c} changed, ${r} removed`;
}

/** `status: paid → shipped` of a changed row, `status: paid` of one that is new or gone. */
function valuesOf({ kind, columns }: DifferentRow): string {
  const text = columns
    .map(({ column, from, to }) =>
      kind === "changed"
        ? `${column}: ${from ?? "null"} → ${to ?? "null"}`
        : `${column}: ${from ?? to}`,
    )
    .join(", ");
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
