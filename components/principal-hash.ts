import { createHash } from "node:crypto";

/** Tells principals apart in the names of their grants, in any order of their list. */
export function principalHash(arn: string): string {
  return createHash("sha256").update(arn).digest("hex").slice(0, 8);
}
