import type { Client, QueryArrayResult } from "pg";

import { UserError } from "../../model/errors";

/** What a statement gave: rows, or the number of rows it changed. */
export interface QueryOutcome {
  /** `SELECT`, `UPDATE`, `CREATE`. */
  readonly command: string;
  readonly columns: readonly string[];
  /** PostgreSQL's text of each value. */
  readonly rows: readonly (readonly (string | null)[])[];
  readonly rowCount: number | undefined;
}

/**
 * Runs SQL, one statement or several with semicolons between; several are one transaction.
 * @throws UserError with PostgreSQL's message, its hint and where in the SQL it is
 */
export async function runQuery(client: Client, sql: string): Promise<QueryOutcome[]> {
  try {
    const result: unknown = await client.query({ text: sql, rowMode: "array" });
    const results = (Array.isArray(result) ? result : [result]) as QueryArrayResult<
      (string | null)[]
    >[];
    return results.map(({ command, fields, rows, rowCount }) => ({
      command,
      columns: fields.map((field) => field.name),
      rows,
      rowCount: rowCount ?? undefined,
    }));
  } catch (error) {
    const { message, hint, position } = error as Error & { hint?: string; position?: string };
    const where = position ? ` (at character ${position})` : "";
    throw new UserError(`the source refused: ${message}${where}${hint ? `. ${hint}` : ""}`);
  }
}
