/** SQLSTATE classes and Node error codes of a connection that broke or cannot be made for now. */
const PASSING = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENETDOWN",
  "EAI_AGAIN",
  // administrator or crash shut the server down, it is starting, or has no connection left
  "57P01",
  "57P02",
  "57P03",
  "53300",
  // the slot is still in use by the connection that broke
  "55006",
]);

const BROKEN = new RegExp(
  [
    "connection terminated",
    "client was closed",
    "connection ended",
    "not queryable",
    "timeout expired",
    "ended the replication stream",
    "socket hang up",
    // an exported snapshot goes with its connection
    "invalid snapshot identifier",
    "snapshot .* does not exist",
  ].join("|"),
  "i",
);

/** Whether an error is the network's or a restarting server's: trying again can mend it. */
export function isPassing(error: unknown): boolean {
  if (error instanceof SourceChanged) return true;
  const { code, message } = error as { code?: string; message?: string };
  if (code && (PASSING.has(code) || code.startsWith("08"))) return true;
  return BROKEN.test(message ?? "");
}

/** The source is not what it was when the session began: a new session looks at it afresh. */
export class SourceChanged extends Error {
  override readonly name = "SourceChanged";
}
