import type { Window } from "../../sample-calendar";
import { cumulate, inTurn, type Random } from "../../sample-random";
import { copyBoolean, copyRow, copyText, DAY, timestampText } from "../../sample-text";
import { openingHours } from "./opening-hours";
import { updatedAfter } from "./parts";
import { drawPerson, type Person, type Values } from "./values";

/** Customers in columns, ordered by when they came: the customer at index i has id i + 1. */
export interface Customers {
  readonly count: number;
  readonly createdAt: Float64Array;
  /** Running totals of how often a customer comes. */
  readonly activity: Float64Array;
}

/** Share of customers who came in the years before the data's window. */
const EARLIER = 0.7;
const EARLIER_DAYS = 1_500;
/** Share of customers who are in the books twice, by one e-mail address. */
const DUPLICATES = 0.02;
const FLAW_SHARE = 0.02;

export function planCustomers(count: number, window: Window, random: Random): Customers {
  const day = openingHours.daySampler(window, 0.3);
  const createdAt = Float64Array.from({ length: count }, (_, index) => {
    // the very first was there before any order
    const earlier = index === 0 || random.chance(EARLIER);
    const on = earlier ? window.start / DAY - 1 - random.int(0, EARLIER_DAYS) : day(random);
    return openingHours.timeOfDay(on, random);
  }).sort();
  return { count, createdAt, activity: cumulate(createdAt.map(() => random.logNormal(0.9))) };
}

export const customerColumns = [
  "customer_id",
  "first_name",
  "last_name",
  "email",
  "phone",
  "street",
  "city",
  "state",
  "postal_code",
  "marketing_opt_in",
  "created_at",
  "updated_at",
] as const;

export function* customerRows(
  customers: Customers,
  values: Values,
  window: Window,
  random: Random,
): Iterable<string> {
  const flaw = inTurn(8);
  let known: Person | undefined;
  for (let index = 0; index < customers.count; index++) {
    const createdAt = customers.createdAt[index] as number;
    const drawn = drawPerson(index + 1, values, random);
    const person = storedPerson(
      known && random.chance(DUPLICATES) ? again(known) : drawn,
      flaw,
      random,
    );
    if (random.chance(0.3)) known = drawn;
    yield copyRow(
      index + 1,
      copyText(person.firstName),
      copyText(person.lastName),
      copyText(person.email),
      copyText(person.phone),
      copyText(person.street),
      copyText(person.city),
      copyText(person.state),
      copyText(person.postalCode),
      copyBoolean(random.chance(0.4)),
      timestampText(createdAt),
      timestampText(random.chance(0.4) ? updatedAfter(createdAt, window, random) : createdAt),
    );
  }
}

/** The same person, who fills the form a second time. */
function again(person: Person): Person {
  return { ...person, email: person.email.toUpperCase(), firstName: `${person.firstName[0]}.` };
}

type StoredPerson = { readonly [field in keyof Person]: string | null };

function storedPerson(person: Person, flaw: () => number, random: Random): StoredPerson {
  if (!random.chance(FLAW_SHARE)) return person;
  switch (flaw()) {
    case 0:
      return { ...person, email: null };
    case 1:
      return { ...person, email: person.email.replace("@", " at ") };
    case 2:
      return { ...person, firstName: null, phone: "" };
    case 3:
      return { ...person, lastName: random.pick([null, " "]) };
    case 4:
      return { ...person, state: random.pick(["??", "Unknown"]) };
    case 5:
      return { ...person, state: null };
    case 6:
      return { ...person, postalCode: person.postalCode.slice(1) };
    default:
      return { ...person, city: `  ${person.city.toLowerCase()}` };
  }
}
