import { Rhythm, type Window } from "../../sample-calendar";
import type { Random } from "../../sample-random";
import { DAY, Micros, MINUTE } from "../../sample-text";

/** A quiet start of the year, gifts at its end; weekends and evenings are busiest. */
const rhythm = new Rhythm(
  [0.84, 0.82, 0.92, 0.95, 1.0, 0.98, 0.9, 0.92, 1.0, 1.05, 1.35, 1.5],
  [1.18, 0.98, 0.9, 0.92, 0.97, 1.12, 1.3],
  [
    2.2, 1.4, 0.9, 0.6, 0.5, 0.7, 1.4, 2.8, 4.2, 5.0, 5.4, 5.8, 6.6, 6.2, 5.4, 5.2, 5.4, 5.8, 6.6,
    8.0, 9.0, 8.2, 6.0, 3.6,
  ],
);

/** A time of the given day, more often in busy hours. */
export function timeOfDay(day: number, random: Random): Micros {
  return rhythm.timeOfDay(day, random);
}

/** Draws days of a window by their demand and a growth over the window (0 none, 1 doubles it). */
export function daySampler(window: Window, growth: number): (random: Random) => number {
  return rhythm.daySampler(window, growth);
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
    if (random.next() * rhythm.highest > rhythm.demand(time)) continue;
    const shaped = timeOfDay(Math.floor(time / DAY), random);
    const settled = shaped > since ? shaped : since + Math.floor(random.exponential(40 * MINUTE));
    if (settled < window.until) return settled;
  }
  return since + Math.floor(random.next() * tenure);
}
