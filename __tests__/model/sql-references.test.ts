import { inputsOf, rowWiseProblem, usesToday } from "../../model/sql-references";

test("inputs are found once, not in comments and strings", () => {
  const sql = `-- gold.comment
    SELECT 'silver.text' AS x, silver.core_order.id FROM silver.core_order /* gold.y */ JOIN gold.a
    JOIN silver.\`group\``;
  expect(inputsOf(sql)).toEqual(["gold.a", "silver.core_order", "silver.group"]);
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
  ["SELECT `id` FROM `t`", null],
  ["SELECT id, explode_tags, json_tuple(x, 'a') FROM t", null],
  [
    "SELECT id, Explode (tags) AS tag FROM t",
    "must not make several rows of one by Explode: keep the list as it is, a gold model can take it apart",
  ],
  [
    "SELECT id, inline_outer(lines) FROM t",
    "must not make several rows of one by inline_outer: keep the list as it is, a gold model can take it apart",
  ],
  ["SELECT id FROM t LATERAL VIEW flatten(x)", "must end with FROM t, with nothing after it"],
  ["SELECT id FROM t WHERE x", "must end with FROM t, with nothing after it"],
])("row-wise: %s", (sql, problem) => {
  expect(rowWiseProblem(sql, "t")).toBe(problem);
});
