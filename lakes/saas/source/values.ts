import type { Faker } from "@faker-js/faker";
import { faker as german } from "@faker-js/faker/locale/de";
import { faker as british } from "@faker-js/faker/locale/en_GB";
import { faker as american } from "@faker-js/faker/locale/en_US";
import { faker as french } from "@faker-js/faker/locale/fr";
import { faker as japanese } from "@faker-js/faker/locale/ja";
import { faker as polish } from "@faker-js/faker/locale/pl";

import { pool } from "../../sample-names";
import type { Random } from "../../sample-random";

/** A country that tenants and customers are from, with pools of what people there are called. */
export interface Country {
  readonly code: string;
  readonly currency: string;
  readonly locale: string;
  readonly timezone: string;
  /** Sales tax in percent. */
  readonly tax: number;
  readonly callingCode: string;
  readonly firstNames: readonly string[];
  readonly lastNames: readonly string[];
  readonly cities: readonly string[];
}

/** Everything that rows take their words from, drawn once: a pick is far cheaper than a fake. */
export interface Values {
  readonly countries: readonly Country[];
  readonly companies: readonly string[];
  readonly descriptions: readonly string[];
  readonly adjectives: readonly string[];
  readonly materials: readonly string[];
}

type CountryFacts = Omit<Country, "firstNames" | "lastNames" | "cities">;

const COUNTRIES: readonly (CountryFacts & { readonly faker: Faker })[] = [
  country("US", "USD", "en-US", "America/New_York", 7, "1", american),
  country("DE", "EUR", "de-DE", "Europe/Berlin", 19, "49", german),
  country("GB", "GBP", "en-GB", "Europe/London", 20, "44", british),
  country("FR", "EUR", "fr-FR", "Europe/Paris", 20, "33", french),
  country("PL", "PLN", "pl-PL", "Europe/Warsaw", 23, "48", polish),
  country("JP", "USD", "ja-JP", "Asia/Tokyo", 10, "81", japanese),
];

function country(
  code: string,
  currency: string,
  locale: string,
  timezone: string,
  tax: number,
  callingCode: string,
  faker: Faker,
): CountryFacts & { readonly faker: Faker } {
  return { code, currency, locale, timezone, tax, callingCode, faker };
}

/** The pools for one seed. */
export function drawValues(random: Random): Values {
  const countries = COUNTRIES.map(({ faker, ...facts }) => {
    faker.seed(random.int(0, 2 ** 31 - 1));
    return {
      ...facts,
      firstNames: pool(400, () => faker.person.firstName()),
      lastNames: pool(600, () => faker.person.lastName()),
      cities: pool(120, () => faker.location.city()),
    };
  });
  american.seed(random.int(0, 2 ** 31 - 1));
  return {
    countries,
    companies: pool(600, () => american.company.name()),
    descriptions: pool(300, () => american.commerce.productDescription()),
    adjectives: pool(60, () => american.commerce.productAdjective()),
    materials: pool(40, () => american.commerce.productMaterial()),
  };
}

/** A phone number as people type them into a form; often none. */
export function phone(country: Country, random: Random): string | null {
  const digits = (count: number) =>
    Array.from({ length: count }, () => String(random.int(0, 9))).join("");
  switch (random.int(0, 9)) {
    case 0:
    case 1:
      return null;
    case 2:
      return `(${random.int(200, 989)}) 010-${digits(4)}`;
    case 3:
      return `00${country.callingCode}${random.int(20, 99)}${digits(7)}`;
    case 4:
      return `+${country.callingCode}-${random.int(20, 99)}-${digits(3)}-${digits(4)}`;
    case 5:
      return random.chance(0.3) ? "n/a" : `0${random.int(20, 99)} ${digits(7)}`;
    default:
      return `+${country.callingCode} ${random.int(20, 99)} ${digits(7)}`;
  }
}
