import { qualify } from "../../model/qualify";

const databases = {
  bronze: "saas_dev_bronze",
  silver: "saas_dev_silver",
  gold: "saas-dev-gold",
  quarantine: "q",
  ops: "o",
};

test.each([
  ["SELECT id FROM silver.core_order", "SELECT id FROM saas_dev_silver.core_order"],
  ["SELECT 1 FROM Silver . a, gold.b", 'SELECT 1 FROM saas_dev_silver . a, "saas-dev-gold".b'],
  ['SELECT 1 FROM "silver"."a"', 'SELECT 1 FROM saas_dev_silver."a"'],
  ["SELECT silver.a.id FROM silver.a", "SELECT saas_dev_silver.a.id FROM saas_dev_silver.a"],
  ["SELECT 1 FROM silver\n.a", "SELECT 1 FROM saas_dev_silver\n.a"],
])("%s", (sql, expected) => {
  expect(qualify(sql, databases)).toBe(expected);
});

test.each([
  "SELECT 'silver.a', 'it''s silver.a' -- silver.a",
  "SELECT 1 /* silver.a */ FROM x",
  "SELECT o.silver.a, o . gold.b FROM saas.silver.core_order AS o",
  "SELECT silver, gold FROM metals",
  "SELECT my_silver.a, silvery.b, 1.5 FROM x",
  'SELECT "a ""silver.b" FROM x',
])("stays as it is: %s", (sql) => {
  expect(qualify(sql, databases)).toBe(sql);
});

test("the layers' own names change nothing", () => {
  const sql = "SELECT s.id, 'x' FROM silver.a AS s JOIN gold.b ON s.id = b.id";
  expect(
    qualify(sql, {
      bronze: "bronze",
      silver: "silver",
      gold: "gold",
      quarantine: "quarantine",
      ops: "ops",
    }),
  ).toBe(sql);
});
