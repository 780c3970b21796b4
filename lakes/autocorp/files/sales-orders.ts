import type { FlawName } from "../../sample-file-flaws";
import { type DropRequest, fileTime, type SampleDrop } from "../../sample-files";
import { Random } from "../../sample-random";
import { centsText } from "../../sample-text";
import { PAYMENTS, VEHICLES } from "../source/order-rows";
import { ROW_FLAWS } from "./row-flaws";

const HEADER = [
  "order_id",
  "customer_id",
  "order_date",
  "status",
  "payment_method",
  "vehicle_make",
  "vehicle_model",
  "vehicle_year",
  "total_amount",
  "updated_at",
] as const;

/** The counters number their orders above the database's; each file has numbers of its own. */
const FIRST_ID = 10_000_000;
const IDS_PER_FILE = 1_000_000;
/** Shares of rows that tell of an order anew: one of the file before, or one of the database. */
const TOLD_BEFORE = 0.05;
const OF_DATABASE = 0.03;
const DAY_MS = 86_400_000;
const MAKES = Object.keys(VEHICLES);
/** Besides the flaws in its rows, each file has one of its own, in turn. */
const FILE_FLAWS: readonly FlawName[] = [
  "byte-order-mark",
  "changed-header-order",
  "windows-line-ends",
  "extra-column",
  "truncated-last-line",
  "delivered-twice",
  "empty-file",
];

/** What the counters sold since their last file: totals without lines, discount or tax. */
export const salesOrders: SampleDrop = {
  name: "sales-orders",
  folder: "sales_orders",
  rows: 300,
  names: /^sales_orders-\d{8}-\d{6}\.csv$/,
  fileName: (at) => `sales_orders-${fileTime(at)}.csv`,
  flaws: (sequence) => [...ROW_FLAWS, FILE_FLAWS[sequence % FILE_FLAWS.length] as FlawName],
  content: (request) => {
    if (request.rows > IDS_PER_FILE) {
      throw new RangeError(
        `rows is ${request.rows}; a file of sales orders has ${IDS_PER_FILE} at most`,
      );
    }
    return { header: HEADER, records: orderRecords(request) };
  },
};

function* orderRecords({ rows, seed, at, sequence }: DropRequest): Iterable<readonly string[]> {
  const random = new Random(`${seed}/sales orders ${sequence}`);
  for (let row = 0; row < rows; row++) {
    const kind = random.next();
    const make = random.pick(MAKES);
    const ordered = at.getTime() - Math.floor(random.next() * 7 * DAY_MS);
    const status = random.pick(["completed", "paid", "paid", "Paid ", "cancelled"]);
    yield [
      String(orderId(kind, row)),
      String(random.int(1, 1_149)),
      new Date(ordered).toISOString().slice(0, 10),
      status,
      status.trim().toLowerCase() === "paid" ? random.pick(PAYMENTS) : "",
      make,
      random.pick(VEHICLES[make] as readonly string[]),
      String(at.getUTCFullYear() - random.int(0, 20)),
      centsText(Math.round(4_000 * random.logNormal(0.9)) + 500),
      `${at.toISOString().slice(0, 19)}Z`,
    ];
  }

  function orderId(kind: number, row: number): number {
    if (kind < OF_DATABASE) return random.int(1, 1_000);
    if (kind < OF_DATABASE + TOLD_BEFORE && sequence > 0) return numbered(sequence - 1, row);
    return numbered(sequence, row);
  }
}

function numbered(sequence: number, row: number): number {
  return FIRST_ID + sequence * IDS_PER_FILE + row + 1;
}
