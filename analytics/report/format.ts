import type { Format } from "../../lakes/report";

export const NONE = "–";

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

const formatter = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat("en-US", options);
const COUNT = formatter({ maximumFractionDigits: 0 });
const DECIMAL = formatter({ minimumFractionDigits: 1, maximumFractionDigits: 1 });
const PLAIN = formatter({ maximumFractionDigits: 1 });
const MONEY = formatter({ minimumFractionDigits: 2, maximumFractionDigits: 2 });
const WHOLE_MONEY = formatter({ maximumFractionDigits: 0 });
const PERCENT = formatter({ style: "percent", maximumFractionDigits: 1, minimumFractionDigits: 1 });
const SHARE = formatter({
  style: "percent",
  maximumFractionDigits: 2,
  roundingMode: "floor",
} as Intl.NumberFormatOptions);
const CHANGE = formatter({
  style: "percent",
  maximumFractionDigits: 1,
  minimumFractionDigits: 1,
  signDisplay: "exceptZero",
});
const COMPACT = formatter({ notation: "compact", maximumFractionDigits: 1 });

/** A value as text in the given format; null becomes a dash. Decimals of any length stay exact. */
export function formatValue(value: unknown, format: Format, unit?: string): string {
  if (value === null || value === undefined || value === "") return NONE;
  const text = withFormat(value, format);
  return unit && text !== NONE ? `${unit} ${text}` : text;
}

/** The value for a tile: money without its cents. */
export function formatHeadline(value: unknown, format: Format, unit?: string): string {
  if (format !== "money") return formatValue(value, format, unit);
  const text = exact(value, WHOLE_MONEY);
  return unit && text !== NONE ? `${unit} ${text}` : text;
}

/** Short enough for an axis or a bar: `1.2M`, `340K`, `12%`. */
export function formatShort(value: number, format: Format): string {
  if (format === "percent" || format === "change") {
    return minus(`${PLAIN.format(value * 100)}%`);
  }
  if (format === "seconds") return duration(value);
  return minus(COMPACT.format(value));
}

function withFormat(value: unknown, format: Format): string {
  switch (format) {
    case "count":
      return exact(value, COUNT);
    case "decimal":
      return exact(value, DECIMAL);
    case "money":
      return exact(value, MONEY);
    case "percent":
      return exact(value, PERCENT);
    case "share":
      return exact(value, SHARE);
    case "change":
      return exact(value, CHANGE);
    case "seconds":
      return duration(Number(value));
    case "day":
      return day(String(value));
    case "month":
      return month(String(value));
    case "time":
      return formatTime(parseTime(value)).replace(/ UTC$/, "");
    case "text":
      return String(value);
  }
}

/** Intl formats decimal strings without going through a double. */
function exact(value: unknown, format: Intl.NumberFormat): string {
  const text = typeof value === "number" || typeof value === "bigint" ? value : String(value);
  const result = format.format(text as number);
  return result.includes("NaN") ? NONE : minus(result);
}

const minus = (text: string) => text.replace(/^-/, "−");

function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return NONE;
  if (seconds < 10) return `${PLAIN.format(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600)
    return whole % 60 ? `${Math.floor(whole / 60)} min ${whole % 60} s` : `${whole / 60} min`;
  const minutes = Math.round(whole / 60);
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${COUNT.format(Math.floor(minutes / 1440))} days`;
}

/** `2026-11-21` as `21 Nov 2026`. */
function day(text: string): string {
  const [, year, month_, day_] = /^(\d{4})-(\d\d)-(\d\d)/.exec(text) ?? [];
  return year ? `${Number(day_)} ${MONTHS[Number(month_) - 1]} ${year}` : text;
}

/** `2026-11-01` as `Nov 2026`. */
function month(text: string): string {
  const [, year, month_] = /^(\d{4})-(\d\d)/.exec(text) ?? [];
  return year ? `${MONTHS[Number(month_) - 1]} ${year}` : text;
}

/** The month's short name, with the year where `withYear`. */
export function monthLabel(text: string, withYear: boolean): string {
  const [name = text, year] = month(text).split(" ");
  return withYear && year ? `${name} ’${year.slice(2)}` : name;
}

/**
 * A timestamp as Trino (`2026-11-21 05:17:04.123456 UTC`) or Spark (`2026-11-21T05:17:04Z`) write
 * it; without a zone it is UTC. Null when it is none.
 */
export function parseTime(value: unknown): Date | null {
  if (value instanceof Date) return value;
  const match =
    /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d{1,3})?\d*\s*(Z|UTC|[+-]\d\d:?\d\d)?$/.exec(
      String(value ?? "").trim(),
    );
  if (!match) return null;
  const zone = !match[4] || match[4] === "UTC" ? "Z" : match[4];
  return new Date(`${match[1]}T${match[2]}${match[3] ?? ""}${zone}`);
}

/** `21 Nov 2026, 05:17 UTC`; a dash for null. */
export function formatTime(time: Date | null): string {
  if (!time) return NONE;
  const iso = time.toISOString();
  return `${day(iso)}, ${iso.slice(11, 16)} UTC`;
}

/** Seconds between two moments for people: `3 min 5 s`; never negative. */
export function formatAge(since: Date, now: Date): string {
  return duration(Math.max(0, (now.getTime() - since.getTime()) / 1000));
}
