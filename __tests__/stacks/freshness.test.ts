import { loadLake } from "../../lakes/load";
import { freshnessMinutes, goldMinutes } from "../../stacks/freshness";
import { lakeSettings } from "../../stacks/lake-settings";

const lake = loadLake("saas");
const settings = (more: object) => lakeSettings.parse({ source: { trial: {} }, ...more });
const both = (more: object) => [
  freshnessMinutes(settings(more), lake),
  goldMinutes(settings(more), lake),
];

test("silver and gold are as fresh as the definition wants, or as the settings do", () => {
  expect(both({})).toEqual([60, 60]);
  expect(both({ freshnessMinutes: 10 })).toEqual([10, 60]);
  expect(both({ freshnessMinutes: 10, goldFreshnessMinutes: 10 })).toEqual([10, 10]);
  expect(both({ goldFreshnessMinutes: 1440 })).toEqual([60, 1440]);
});

test("gold is never fresher than silver, which it reads", () => {
  expect(both({ freshnessMinutes: 240 })).toEqual([240, 240]);
  expect(both({ goldFreshnessMinutes: 5 })).toEqual([60, 60]);
});
