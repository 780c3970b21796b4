import type { Activity } from "../../../sample-source";
import { billing } from "./billing";
import { catalog } from "./catalog";
import { customers } from "./customers";
import { flaws } from "./flaws";
import { oddities } from "./oddities";
import { shopping } from "./shopping";

/** Everything that a live shop does, each in one transaction. */
export const activities: readonly Activity[] = [
  ...shopping,
  ...catalog,
  ...customers,
  ...billing,
  ...oddities,
  ...flaws,
];
