import type { Activity } from "../../../sample-source";
import { catalogue } from "./catalogue";
import { customers } from "./customers";
import { flaws } from "./flaws";
import { oddities } from "./oddities";
import { orders } from "./orders";

/** Everything that the workshops do, each in one transaction. */
export const activities: readonly Activity[] = [
  ...orders,
  ...catalogue,
  ...customers,
  ...oddities,
  ...flaws,
];
