import { Rhythm } from "../../sample-calendar";

/** Tires are changed in spring and autumn; closed on Sundays; most cars are brought before noon. */
export const openingHours = new Rhythm(
  [0.85, 0.85, 1.1, 1.3, 1.05, 1.0, 0.95, 0.95, 1.0, 1.35, 1.25, 0.9],
  [0, 1.2, 1.05, 1.0, 1.0, 1.1, 0.7],
  [0, 0, 0, 0, 0, 0, 0.5, 4, 7, 7, 6, 5, 3, 4, 4, 4, 3, 1.5, 0, 0, 0, 0, 0, 0],
);
