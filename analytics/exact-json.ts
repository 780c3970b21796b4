/** Strings and numbers, each whole. */
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * Parses JSON as `JSON.parse` does, but integers that a JavaScript number cannot hold come as
 * strings with all their digits.
 */
export function parseExactJson(text: string): unknown {
  const exact = text.replace(STRING_OR_NUMBER, (token) =>
    /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
  );
  return JSON.parse(exact);
}
