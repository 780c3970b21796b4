import { activity, type Changes } from "./sample-changes";
import type { Activity } from "./sample-source";

/** A way of writing a row wrongly, with the statement that puts it right again. */
export interface Flaw {
  readonly table: string;
  /** Rows that can be spoilt; the table is `t`. */
  readonly sound: string;
  readonly spoil: string;
  /** Rows that are spoilt in this way. */
  readonly spoilt: string;
  readonly mend: string;
}

/**
 * Activities that spoil rows, and others that put them right later.
 * @param keyOf the column that numbers a table's rows. @default `id` in every table
 */
export function flawActivities(
  flaws: readonly Flaw[],
  keyOf: (table: string) => string = () => "id",
): readonly Activity[] {
  const rewrite = async (changes: Changes, table: string, rows: string, assignment: string) => {
    const key = keyOf(table);
    const row = await changes.pick(table, `t.${key}::text AS key`, rows);
    if (!row) return;
    await changes.run(`UPDATE ${table} SET ${assignment}, updated_at = $2 WHERE ${key} = $1`, [
      row.key,
      changes.context.now(),
    ]);
  };
  const act = (kind: string, made: (flaw: Flaw) => readonly [rows: string, assignment: string]) =>
    activity(
      kind,
      1.5,
      (changes) => {
        const flaw = changes.context.random.pick(flaws);
        return rewrite(changes, flaw.table, ...made(flaw));
      },
      keyOf,
    );
  return [
    act("spoil_row", ({ sound, spoil }) => [sound, spoil]),
    act("mend_row", ({ spoilt, mend }) => [spoilt, mend]),
  ];
}
