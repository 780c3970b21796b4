const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** Bytes for people, in decimal units: `434 kB`, `1.3 MB`. */
export function readableBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length - 1);
  const value = bytes / 1000 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${UNITS[power]}`;
}
