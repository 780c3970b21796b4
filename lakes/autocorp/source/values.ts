import { faker } from "@faker-js/faker/locale/en_US";

import { asciiName, pool } from "../../sample-names";
import { cumulate, type Random } from "../../sample-random";

/** Everything that rows take their words from, drawn once. */
export interface Values {
  readonly firstNames: readonly string[];
  readonly lastNames: readonly string[];
  readonly streets: readonly string[];
  readonly cities: readonly string[];
  readonly manufacturers: readonly string[];
}

/** The pools for one seed. */
export function drawValues(random: Random): Values {
  faker.seed(random.int(0, 2 ** 31 - 1));
  return {
    firstNames: pool(500, () => faker.person.firstName()),
    lastNames: pool(800, () => faker.person.lastName()),
    streets: pool(400, () => faker.location.street()),
    cities: pool(200, () => faker.location.city()),
    manufacturers: pool(40, () => faker.company.name()),
  };
}

/** A state where the chain has workshops, and what people type for it. */
interface State {
  readonly code: string;
  readonly typed: readonly string[];
  /** First three digits of its postal codes. */
  readonly postal: string;
  readonly areaCodes: readonly string[];
}

const STATES: readonly State[] = [
  state("CA", "California,Calif.,ca", "941", "415,213,619"),
  state("TX", "Texas,tx,Tx ", "750", "214,512,713"),
  state("AZ", "Arizona,az", "850", "602,480"),
  state("NV", "Nevada,nv", "891", "702,775"),
  state("OR", "Oregon,or", "972", "503,541"),
  state("WA", "Washington,wa", "981", "206,253"),
  state("CO", "Colorado,C.O.", "802", "303,720"),
  state("NM", "New Mexico,nm", "871", "505,575"),
];
const stateTotals = cumulate([30, 22, 12, 9, 8, 9, 6, 4]);
const MAIL_HOSTS = ["example.com", "example.org", "example.net", "mail.example.com"];

function state(code: string, typed: string, postal: string, areaCodes: string): State {
  return { code, typed: typed.split(","), postal, areaCodes: areaCodes.split(",") };
}

/** A person as the workshop's form holds one. */
export interface Person {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly phone: string | null;
  readonly street: string;
  readonly city: string;
  readonly state: string;
  readonly postalCode: string;
}

/** A person; the number makes the e-mail address unique. */
export function drawPerson(number: number, values: Values, random: Random): Person {
  const home = STATES[random.weighted(stateTotals)] as State;
  const firstName = random.pick(values.firstNames);
  const lastName = random.pick(values.lastNames);
  const mailbox = `${asciiName(firstName, "c")}.${asciiName(lastName, "x")}${number}`;
  return {
    firstName,
    lastName,
    email: `${mailbox}@${random.pick(MAIL_HOSTS)}`,
    phone: phone(random.pick(home.areaCodes), random),
    street: `${random.int(1, 9_999)} ${random.pick(values.streets)}`,
    city: random.pick(values.cities),
    state: random.chance(0.08) ? random.pick(home.typed) : home.code,
    postalCode: home.postal + String(random.int(0, 99)).padStart(2, "0"),
  };
}

/** A phone number as people type them into a form; now and then none. */
function phone(area: string, random: Random): string | null {
  const line = `01${random.int(0, 99).toString().padStart(2, "0")}`;
  switch (random.int(0, 9)) {
    case 0:
      return null;
    case 1:
      return `(${area}) 555-${line}`;
    case 2:
      return `${area}.555.${line} x${random.int(1, 99)}`;
    case 3:
      return `1${area}555${line}`;
    case 4:
      return random.chance(0.2) ? "n/a" : `${area}555${line}`;
    case 5:
      return `555-${line}`;
    default:
      return `+1 ${area} 555 ${line}`;
  }
}
