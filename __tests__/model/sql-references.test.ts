import { inputsOf, rowWiseProblem, usesToday } from "../../model/sql-references";

test("inputs are found once, not in comments and strings", () => {
  const sql = `-- gold.comment
    SELECT 'silver.text' AS x, silver.core_order.id FROM silver.core_order /* gold.y */ JOIN gold.a`;
  expect(inputsOf(sql)).toEqual(["gold.a", "silver.core_order"]);
});

test(":today is a parameter, ::today and strings are not", () => {
  expect(usesToday("SELECT :today")).toBe(true);
  expect(usesToday("SELECT ':today', x::today")).toBe(false);
});

test.each([
  ["SELECT id FROM t", null],
  ["-- comment\nSELECT id, from_json(x, 'FROM t') FROM t;", null],
  ["WITH a AS (SELECT 1) SELECT id FROM t", "must be one SELECT"],
  ["SELECT DISTINCT id FROM t", "must not be DISTINCT: one source row in, one row out"],
  ["SELECT id FROM t WHERE x", "must end with FROM t, with nothing after it"],
])("row-wise: %s", (sql, problem) => {
  expect(rowWiseProblem(sql, "t")).toBe(problem);
});
