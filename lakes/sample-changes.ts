import type { Activity, ActivityContext } from "./sample-source";

/** Ids beyond this were given by hand, to try what a double cannot hold; picks start below it. */
const ORDINARY_IDS = 1_000_000_000_000;

/** Counts the rows that the statements of one transaction change. */
export class Changes {
  private changed = 0;

  /** @param keyOf the column that numbers a table's rows */
  constructor(
    readonly context: ActivityContext,
    private readonly keyOf: (table: string) => string,
  ) {}

  get count(): number {
    return this.changed;
  }

  /** Runs a changing statement and gives its RETURNING rows, values as text. */
  async run(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    const { rows, rowCount } = await this.context.client.query(sql, values);
    this.changed += rowCount ?? 0;
    return rows as Row[];
  }

  /** Runs a reading statement. */
  async read(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.context.client.query(sql, values)).rows as Row[];
  }

  /** Counts rows that a cascade changes, which PostgreSQL does not report. */
  cascaded(rows: number): void {
    this.changed += rows;
  }

  /**
   * Locks a random row of the table for which the condition holds and gives the columns asked for,
   * or undefined when there is none. The condition speaks of the table as `t`.
   */
  async pick(table: string, columns: string, condition = "true"): Promise<Row | undefined> {
    const { random } = this.context;
    const key = this.keyOf(table);
    const [newest] = await this.read(
      `SELECT max(${key}) AS id FROM ${table} WHERE ${key} < ${ORDINARY_IDS}`,
    );
    const start = random.int(1, Number(newest?.id ?? 1));
    for (const range of [`t.${key} >= $1`, `t.${key} < $1`]) {
      const [row] = await this.read(
        `SELECT ${columns} FROM ${table} t WHERE ${range} AND (${condition})
         ORDER BY t.${key} LIMIT 1 FOR UPDATE OF t`,
        [start],
      );
      if (row) return row;
    }
    return undefined;
  }

  /** Like `pick`, among the newest rows only: for conditions that hold for few rows, and new ones. */
  async pickRecent(table: string, columns: string, condition: string): Promise<Row | undefined> {
    const rows = await this.read(
      `SELECT ${columns} FROM ${table} t WHERE ${condition} ORDER BY t.${this.keyOf(table)} DESC LIMIT 20 FOR UPDATE`,
    );
    return rows.length > 0 ? this.context.random.pick(rows) : undefined;
  }
}

/** A row as the database wrote it; every selected column is cast to text where it is read as text. */
export type Row = Readonly<Record<string, string | null>>;

/** Hundredths of a decimal of at most two fraction digits. */
export function cents(amount: string | null | undefined): number {
  return Math.round(Number(amount ?? 0) * 100);
}

/**
 * An activity as a function of the changes it makes.
 * @param keyOf the column that numbers a table's rows. @default `id` in every table
 */
export function activity(
  kind: string,
  weight: number,
  act: (changes: Changes) => Promise<void>,
  keyOf: (table: string) => string = () => "id",
): Activity {
  return {
    kind,
    weight,
    run: async (context) => {
      const changes = new Changes(context, keyOf);
      await act(changes);
      return changes.count;
    },
  };
}
