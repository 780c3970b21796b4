import { createHash } from "node:crypto";

import { UserError } from "../errors";

/** Longest form of a tenant's id in names: an IAM role's name has 64 characters in all. */
const LONGEST = 24;

/**
 * A tenant's id as names of AWS resources have it, different for each id: `3`, `acme`,
 * `Acme_20_26_20Co`. What is no letter, digit, `.` or `-` becomes its UTF-8 bytes in hexadecimal;
 * a long id, such as a UUID, is cut and told apart by a hash.
 */
export function tenantName(id: string): string {
  const encoded = id.replace(/[^A-Za-z0-9.-]/gu, (character) =>
    [...new TextEncoder().encode(character)]
      .map((byte) => `_${byte.toString(16).padStart(2, "0")}`)
      .join(""),
  );
  if (encoded.length <= LONGEST) return encoded;
  const hash = createHash("sha256").update(id).digest("hex").slice(0, 8);
  return `${encoded.slice(0, LONGEST - hash.length - 1)}-${hash}`;
}

/**
 * The names of all tenants, by id.
 * @throws UserError for an empty id, and for ids that differ in upper and lower case alone: IAM does
 * not tell such names apart
 */
export function tenantNames(ids: readonly string[]): ReadonlyMap<string, string> {
  const seen = new Map<string, string>();
  for (const id of ids) {
    if (id === "") throw new UserError("tenants: expected a tenant's id, found an empty one");
    const name = tenantName(id).toLowerCase();
    const other = seen.get(name);
    if (other !== undefined) {
      const what = other === id ? `"${id}" is there twice` : `"${other}" and "${id}" share a name`;
      throw new UserError(`tenants: ${what}; expected each tenant once, whatever the case`);
    }
    seen.set(name, id);
  }
  return new Map(ids.map((id) => [id, tenantName(id)]));
}
