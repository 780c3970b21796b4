import { UNCOMPILED } from "../../model/compiled-columns";
import { DefinitionError } from "../../model/define-lake";
import type { LakeDefinition } from "../../model/definition";
import { assembleLake } from "../../model/lake";
import {
  complete,
  freshWithin,
  oneOf,
  type QualityRule,
  references,
  rowCountWithin,
  stop,
  unique,
  within,
} from "../../model/quality-rules";

const files = { silver: {}, gold: {}, schema: UNCOMPILED };

function lake(quality: readonly (string | QualityRule)[]): LakeDefinition {
  return {
    name: "shop",
    description: "A shop",
    source: { engine: "postgres", database: "shop" },
    tenancy: null,
    tables: {
      sale: { description: "A sale", key: ["id"], columns: { id: "bigint" }, quality },
    },
    models: {},
  };
}

test("the usual rules are written in DQDL", () => {
  expect([
    complete("email"),
    complete("phone", 0.7),
    unique("slug"),
    unique("order_id", "line"),
    oneOf("status", ["open", "paid"]),
    within("share", 0, 1),
    references("part_id", "part", "id"),
    freshWithin("updated_at", 24),
    rowCountWithin(0.5, 2),
  ]).toEqual([
    'IsComplete "email"',
    'Completeness "phone" >= 0.7',
    'IsUnique "slug"',
    'IsPrimaryKey "order_id" "line"',
    'ColumnValues "status" in ["open", "paid"]',
    '(ColumnValues "share" >= 0) and (ColumnValues "share" <= 1)',
    'ReferentialIntegrity "part_id" "part.id" = 1.0',
    'CustomSql "SELECT count(*) FROM primary WHERE updated_at >= current_timestamp() - INTERVAL 24 HOURS" > 0',
    "RowCount between 0.5 * last(1) and 2 * last(1)",
  ]);
});

test("a rule warns, unless it is said to stop", () => {
  const { manifest } = assembleLake(lake([complete("id"), stop(unique("id"))]), files);
  expect(manifest.tables[0]!.quality).toEqual([
    { dqdl: 'IsComplete "id"', severity: "warn" },
    { dqdl: 'IsUnique "id"', severity: "stop" },
  ]);
});

test("a reference to no table of the lake is a mistake with its place", () => {
  const wrong = lake([complete("id"), stop(references("id", "nosuch", "id"))]);
  expect(() => assembleLake(wrong, files)).toThrow(DefinitionError);
  expect(() => assembleLake(wrong, files)).toThrow(
    'tables.sale.quality[1]: refers to "nosuch"; expected a table of the lake: sale',
  );
});
