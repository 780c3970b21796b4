import { cumulate, Random } from "./sample-random";
import { DAY, HOUR, Micros, MINUTE } from "./sample-text";

/** The stretch of time that the data covers: from `start` to before `until`, both midnight UTC. */
export interface Window {
  readonly start: Micros;
  readonly until: Micros;
}

/** Demand by calendar month, January first: a quiet start of the year, gifts at its end. */
const MONTHS = [0.84, 0.82, 0.92, 0.95, 1.0, 0.98, 0.9, 0.92, 1.0, 1.05, 1.35, 1.5];
/** Demand by weekday, Sunday first. */
const WEEKDAYS = [1.18, 0.98, 0.9, 0.92, 0.97, 1.12, 1.3];
/** Demand by hour of the day, UTC. */
const HOURS = [
  2.2, 1.4, 0.9, 0.6, 0.5, 0.7, 1.4, 2.8, 4.2, 5.0, 5.4, 5.8, 6.6, 6.2, 5.4, 5.2, 5.4, 5.8, 6.6,
  8.0, 9.0, 8.2, 6.0, 3.6,
];
const HIGHEST = Math.max(...MONTHS) * Math.max(...WEEKDAYS);
const hourTotals = cumulate(HOURS);

/** The last `months` calendar months before `until`; the day of month is cut to the month's length. */
export function windowBefore(until: Date, months: number): Window {
  const end = until.getTime() * 1000;
  return { start: addMonths(end, -months), until: end };
}

/** The same time of day some calendar months later (or earlier), as billing counts months. */
export function addMonths(time: Micros, months: number): Micros {
  const inDay = time - Math.floor(time / DAY) * DAY;
  const date = new Date((time - inDay) / 1000);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date.getTime() * 1000 + inDay;
}

/** How busy a day is, by its month and weekday; 1 is an ordinary day. */
export function demand(time: Micros): number {
  const date = new Date(Math.floor(time / DAY) * 86_400_000);
  return (MONTHS[date.getUTCMonth()] as number) * (WEEKDAYS[date.getUTCDay()] as number);
}

/** A time of the given day, more often in busy hours. */
export function timeOfDay(day: number, random: Random): Micros {
  return day * DAY + random.weighted(hourTotals) * HOUR + Math.floor(random.next() * HOUR);
}

/** Draws days of a window by their demand and a growth over the window (0 none, 1 doubles it). */
export function daySampler(window: Window, growth: number): (random: Random) => number {
  const first = window.start / DAY;
  const days = window.until / DAY - first;
  const weights = Array.from(
    { length: days },
    (_, day) => (1 + (growth * day) / days) * demand(window.start + day * DAY),
  );
  const totals = cumulate(weights);
  return (random) => first + random.weighted(totals);
}

/**
 * A time at which someone who came at `since` is active again: soon after with high probability,
 * later with a probability that decays over `lifetime`, and more often on busy days and hours.
 */
export function activeTime(
  since: Micros,
  lifetime: Micros,
  window: Window,
  random: Random,
): Micros {
  const tenure = window.until - since;
  const reach = 1 - Math.exp(-tenure / lifetime);
  for (let attempt = 0; attempt < 12; attempt++) {
    const time = since - lifetime * Math.log(1 - random.next() * reach);
    if (random.next() * HIGHEST > demand(time)) continue;
    const shaped = timeOfDay(Math.floor(time / DAY), random);
    const settled = shaped > since ? shaped : since + Math.floor(random.exponential(40 * MINUTE));
    if (settled < window.until) return settled;
  }
  return since + Math.floor(random.next() * tenure);
}
