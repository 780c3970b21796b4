/** Microseconds since 1970 in UTC: whole numbers that a double holds exactly until the year 2255. */
export type Micros = number;

export const SECOND: Micros = 1_000_000;
export const MINUTE: Micros = 60 * SECOND;
export const HOUR: Micros = 60 * MINUTE;
export const DAY: Micros = 24 * HOUR;

/** A null in PostgreSQL's COPY text format. */
export const NULL = "\\N";

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\t": "\\t",
  "\n": "\\n",
  "\r": "\\r",
};

/** A text value in COPY text format; null stays apart from the empty string. */
export function copyText(value: string | null): string {
  if (value === null) return NULL;
  return /[\\\t\n\r]/.test(value)
    ? value.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] as string)
    : value;
}

/** One row in COPY text format; strings must have gone through `copyText` where they need it. */
export function copyRow(...fields: readonly (string | number)[]): string {
  return fields.join("\t") + "\n";
}

export function copyBoolean(value: boolean): string {
  return value ? "t" : "f";
}

const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, "0"));
const dates = new Map<number, string>();

/** `2026-11-21` of a time, in UTC. */
export function dateText(time: Micros): string {
  const day = Math.floor(time / DAY);
  let text = dates.get(day);
  if (text === undefined) {
    text = new Date(day * 86_400_000).toISOString().slice(0, 10);
    dates.set(day, text);
  }
  return text;
}

/** `2026-11-21 05:17:04.123456+00`, as PostgreSQL reads and writes a timestamptz. */
export function timestampText(time: Micros): string {
  const inDay = time - Math.floor(time / DAY) * DAY;
  const seconds = Math.floor(inDay / SECOND);
  const hour = TWO_DIGITS[Math.floor(seconds / 3600)] as string;
  const minute = TWO_DIGITS[Math.floor(seconds / 60) % 60] as string;
  const second = TWO_DIGITS[seconds % 60] as string;
  const fraction = String(inDay % SECOND).padStart(6, "0");
  return `${dateText(time)} ${hour}:${minute}:${second}.${fraction}+00`;
}

/** `timestampText`, or null. */
export function timestampOrNull(time: Micros | null): string {
  return time === null ? NULL : timestampText(time);
}

/** `12.30` of 1230 hundredths, without the rounding of floating-point division. */
export function centsText(cents: number): string {
  const whole = Math.abs(cents);
  const fraction = whole % 100;
  const text = `${(whole - fraction) / 100}.${TWO_DIGITS[fraction] ?? fraction}`;
  return cents < 0 ? `-${text}` : text;
}
