import type { VersionDiff } from "./lake-history";
import { printTable } from "./output";

/** Prints how two versions of a table differ: the numbers, and the rows that it names. */
export function printDiff(table: string, diff: VersionDiff): void {
  console.log(`${table} from ${diff.from} to ${diff.to}: ${countsOf(diff)}`);
  if (diff.rows.length === 0) return;
  printTable(
    ["row", "key", "column", "from", "to"],
    diff.rows.flatMap(({ kind, key, columns }) =>
      columns.map(({ column, from, to }, index) => [
        index === 0 ? kind : "",
        index === 0 ? key : "",
        column,
        from ?? null,
        to ?? null,
      ]),
    ),
  );
  const rest = diff.added + diff.changed + diff.removed - diff.rows.length;
  if (rest > 0) console.log(`and ${rest.toLocaleString("en-US")} more rows; --limit shows more`);
}

/** `3 added, 1 changed, 0 removed`. */
export function countsOf({ added, changed, removed }: VersionDiff): string {
  const [a, c, r] = [added, changed, removed].map((rows) => rows.toLocaleString("en-US"));
  return `${a} rows added, ${c} changed, ${r} removed`;
}
