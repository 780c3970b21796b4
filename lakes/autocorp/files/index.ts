import type { SampleDrop } from "../../sample-files";
import { customers } from "./customers";
import { salesOrders } from "./sales-orders";

/** The files that workshops and counters drop for the AutoCorp lake. */
export const sampleDrops: readonly SampleDrop[] = [customers, salesOrders];
