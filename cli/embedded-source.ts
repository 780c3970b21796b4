import { SOURCE_VARIABLE } from "../local/source/connection";

/**
 * Says that a command leaves the user's own source alone, where the environment names one.
 * @param does such as "the demo plays"
 */
export function noteEmbeddedSource(does: string): void {
  if (!process.env[SOURCE_VARIABLE]) return;
  console.error(`note: ${does} on the embedded PostgreSQL alone, not on ${SOURCE_VARIABLE}`);
}
