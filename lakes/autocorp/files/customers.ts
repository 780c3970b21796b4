import { type DropRequest, fileTime, type SampleDrop } from "../../sample-files";
import { Random } from "../../sample-random";
import { drawPerson, drawValues } from "../source/values";
import { ROW_FLAWS } from "./row-flaws";

const HEADER = [
  "customer_id",
  "first_name",
  "last_name",
  "email",
  "phone",
  "street",
  "city",
  "state",
  "postal_code",
  "created_at",
] as const;

const DAY_MS = 86_400_000;
const OLDEST_DAYS = 3_000;

/**
 * Every customer that the chain ever had, the database's among them: the database knows what they
 * changed since, the file knows nothing of their wish for marketing.
 */
export const customers: SampleDrop = {
  name: "customers",
  folder: "customers",
  rows: 1_200_000,
  names: /^customers(_\d{8}-\d{6})?\.csv$/,
  fileName: (at, sequence) => (sequence === 0 ? "customers.csv" : `customers_${fileTime(at)}.csv`),
  flaws: () => [...ROW_FLAWS, "byte-order-mark"],
  content: (request) => ({ header: HEADER, records: customerRecords(request) }),
};

function* customerRecords({ rows, seed, at }: DropRequest): Iterable<readonly string[]> {
  const random = new Random(`${seed}/customers file`);
  const values = drawValues(random.fork("values"));
  const oldest = Math.floor(at.getTime() / DAY_MS) * DAY_MS - OLDEST_DAYS * DAY_MS;
  for (let id = 1; id <= rows; id++) {
    const person = drawPerson(id, values, random);
    // ids count up with the years
    const since = oldest + Math.floor((OLDEST_DAYS * DAY_MS * (id - random.next())) / rows);
    yield [
      String(id),
      person.firstName,
      person.lastName,
      person.email,
      person.phone ?? "",
      person.street,
      person.city,
      person.state,
      person.postalCode,
      timeText(since),
    ];
  }
}

/** `2026-11-21T05:17:04Z`. */
function timeText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
