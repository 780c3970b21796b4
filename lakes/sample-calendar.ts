import { cumulate, type Random } from "./sample-random";
import { DAY, HOUR, Micros } from "./sample-text";

/** The stretch of time that the data covers: from `start` to before `until`, both midnight UTC. */
export interface Window {
  readonly start: Micros;
  readonly until: Micros;
}

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

/** When a business is busy: by calendar month, weekday and hour of the day, in UTC. */
export class Rhythm {
  /** The largest value that `demand` gives. */
  readonly highest: number;
  private readonly hourTotals: Float64Array;

  /**
   * @param months demand by calendar month, January first; 1 is ordinary
   * @param weekdays demand by weekday, Sunday first; 0 is a day off
   * @param hours weights of the 24 hours
   */
  constructor(
    private readonly months: readonly number[],
    private readonly weekdays: readonly number[],
    hours: readonly number[],
  ) {
    this.highest = Math.max(...months) * Math.max(...weekdays);
    this.hourTotals = cumulate(hours);
  }

  /** How busy a day is, by its month and weekday; 1 is an ordinary day. */
  demand(time: Micros): number {
    const date = new Date(Math.floor(time / DAY) * 86_400_000);
    return (
      (this.months[date.getUTCMonth()] as number) * (this.weekdays[date.getUTCDay()] as number)
    );
  }

  /** A time of the given day, more often in busy hours. */
  timeOfDay(day: number, random: Random): Micros {
    return day * DAY + random.weighted(this.hourTotals) * HOUR + Math.floor(random.next() * HOUR);
  }

  /** Draws days of a window by their demand and a growth over the window (0 none, 1 doubles it). */
  daySampler(window: Window, growth: number): (random: Random) => number {
    const first = window.start / DAY;
    const days = window.until / DAY - first;
    const weights = Array.from(
      { length: days },
      (_, day) => (1 + (growth * day) / days) * this.demand(window.start + day * DAY),
    );
    const totals = cumulate(weights);
    return (random) => first + random.weighted(totals);
  }
}
