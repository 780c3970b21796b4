import { loadLake } from "../../../lakes/load";
import { qualityRulesets } from "../../../model/aws/quality-rulesets";
import {
  complete,
  freshWithin,
  references,
  rowCountWithin,
  stop,
  unique,
} from "../../../model/quality-rules";
import { shopWithRules } from "../../components/lake-fixtures";

test("a table's rules are one document, those that stop a batch first", () => {
  const rules = [complete("email"), stop(unique("id")), freshWithin("created_at", 24)];
  expect(qualityRulesets(shopWithRules(...rules))).toEqual([
    {
      name: "silver-orders",
      layer: "silver",
      table: "orders",
      references: [],
      dqdl: `Rules = [
    # A batch after which one of these did not hold stays out of the table.
    IsUnique "id",
    # These warn.
    IsComplete "email",
    CustomSql "SELECT count(*) FROM primary WHERE created_at >= current_timestamp() - INTERVAL 24 HOURS" > 0
]`,
    },
  ]);
});

test("rules that name other tables have a ruleset of their own, which says which", () => {
  const rules = [
    unique("id"),
    references("tenant_id", "tenants", "id"),
    stop('ReferentialIntegrity "country,tenant_id" "countries.{code,tenant_id}" >= 0.9'),
    references("owner_id", "tenants", "owner_id"),
  ];
  const [own, others, ...rest] = qualityRulesets(shopWithRules(...rules));
  expect(own).toMatchObject({ name: "silver-orders", references: [] });
  expect(own!.dqdl).not.toContain("ReferentialIntegrity");
  expect(others).toMatchObject({
    name: "silver-orders-references",
    table: "orders",
    references: ["tenants", "countries"],
  });
  expect(others!.dqdl.match(/ReferentialIntegrity/g)).toHaveLength(3);
  expect(rest).toEqual([]);
});

test("rules that compare with earlier values are the job's alone", () => {
  const earlier = [rowCountWithin(0.5, 2), "RowCount > last()", 'Mean "id" < avg(last(10)) * 2'];
  expect(qualityRulesets(shopWithRules(...earlier))).toEqual([]);
  const [ruleset] = qualityRulesets(shopWithRules(...earlier, complete("last")));
  expect(ruleset!.dqdl).toBe('Rules = [\n    # These warn.\n    IsComplete "last"\n]');
});

test.each(["saas", "autocorp"])(
  "every table and model of %s that has rules has a ruleset",
  (name) => {
    const { manifest } = loadLake(name);
    const named = (of: { name: string; quality: readonly unknown[] }[]) =>
      of.filter(({ quality }) => quality.length > 0).map((each) => each.name);
    const rulesets = qualityRulesets(manifest);
    const inLayer = (layer: string) =>
      rulesets.filter((each) => each.layer === layer && !each.name.endsWith("-references"));
    expect(inLayer("silver").map(({ table }) => table)).toEqual(named(manifest.tables));
    expect(inLayer("gold").map(({ table }) => table)).toEqual(named(manifest.models));
    const rules = [...manifest.tables, ...manifest.models]
      .flatMap(({ quality }) => quality)
      .filter(({ dqdl }) => !dqdl.includes("last("));
    const text = rulesets.map(({ dqdl }) => dqdl).join("\n");
    expect(rules.filter(({ dqdl }) => !text.includes(`    ${dqdl}`))).toEqual([]);
  },
);
