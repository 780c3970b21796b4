import { UserError } from "../model/errors";

/** A query that the engine refused or could not finish. */
export class QueryFailed extends UserError {
  constructor(
    message: string,
    /** The engine's name of the error, such as `PERMISSION_DENIED`. */
    readonly code: string,
    /** Where in the SQL, counted from 1. */
    readonly position?: { readonly line: number; readonly column: number },
  ) {
    super(message);
  }
}

/** What Trino says about a failed query. */
export interface TrinoError {
  readonly message: string;
  readonly errorName: string;
  readonly errorLocation?: { readonly lineNumber: number; readonly columnNumber: number };
}

/**
 * The failure as a person reads it: the message without its position, the line of the SQL with a
 * mark under the place, and for what a user may not see no word on whether it exists.
 */
export function queryFailed(error: TrinoError, sql: string): QueryFailed {
  const { errorName: code, errorLocation: at } = error;
  const message = readable(error.message.replace(/^line \d+:\d+: /, ""), code);
  if (!at) return new QueryFailed(message, code);
  const line = sql.split("\n")[at.lineNumber - 1] ?? "";
  const mark = `${" ".repeat(at.columnNumber - 1)}^`;
  return new QueryFailed(
    `${message} (line ${at.lineNumber}, column ${at.columnNumber})\n  ${line}\n  ${mark}`,
    code,
    { line: at.lineNumber, column: at.columnNumber },
  );
}

function readable(message: string, code: string): string {
  if (/^Relation not found or not allowed/.test(message)) {
    return "the table does not exist or is not visible to this user";
  }
  const table =
    /^Access Denied: Cannot select from (?:columns \[.*\] in )?table (?:or view )?(\S+)/;
  const denied = code === "PERMISSION_DENIED" ? table.exec(message) : null;
  if (denied) {
    const name = (denied[1] as string).replace(/^[^.]+\./, "");
    return `${name}, or a column of it that the query names, is not visible to this user`;
  }
  return message;
}
