/** So many words of a kind, drawn once: a pick from a pool is far cheaper than a fake. */
export function pool(size: number, draw: () => string): readonly string[] {
  return Array.from({ length: size }, draw);
}

/** A name as part of an e-mail address or web address: letters and digits of ASCII only. */
export function asciiName(name: string, otherwise: string): string {
  const plain = name
    .replace(/ß/g, "ss")
    .replace(/[łŁ]/g, "l")
    .normalize("NFD")
    .replace(/[^a-zA-Z0-9]+/g, "")
    .toLowerCase();
  return plain === "" ? otherwise : plain;
}
