import { UserError } from "../model/errors";

const UNIT_MS: Readonly<Record<string, number>> = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};

const RELATIVE = /^(\d+|an?)\s+(second|minute|hour|day|week)s?\s+ago$/i;
const ABSOLUTE =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)\s*(Z|UTC|[+-]\d\d:?\d\d)?)?$/i;

/**
 * A moment in the past from what a person writes: `10 minutes ago`, `yesterday`,
 * `2026-11-21 05:30` (UTC unless it names an offset), `2026-11-21T05:30:00+01:00`.
 * @throws UserError for anything else, and for the future
 */
export function parseTime(text: string, now: Date = new Date()): Date {
  const time = momentOf(text.trim(), now);
  if (!time || Number.isNaN(time.getTime())) {
    throw new UserError(
      `"${text}" is no time; expected such as "10 minutes ago", "yesterday", "2026-11-21 05:30" (UTC) or "2026-11-21T05:30:00+01:00"`,
    );
  }
  if (time > now)
    throw new UserError(`${time.toISOString()} has not come yet; give a time in the past`);
  return time;
}

function momentOf(text: string, now: Date): Date | undefined {
  if (/^now$/i.test(text)) return now;
  if (/^yesterday$/i.test(text)) return new Date(now.getTime() - UNIT_MS.day!);
  const relative = RELATIVE.exec(text);
  if (relative) {
    const [, count = "", unit = ""] = relative;
    const amount = /^\d/.test(count) ? Number(count) : 1;
    return new Date(now.getTime() - amount * UNIT_MS[unit.toLowerCase()]!);
  }
  const absolute = ABSOLUTE.exec(text);
  if (!absolute) return undefined;
  const [, day, clock = "00:00", zone = "Z"] = absolute;
  return new Date(`${day}T${clock}${/^utc$/i.test(zone) ? "Z" : zone.toUpperCase()}`);
}
