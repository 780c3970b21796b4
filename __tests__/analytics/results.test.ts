import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parseExactJson } from "../../analytics/exact-json";
import { readable, toCsv, toObjects } from "../../analytics/format";
import { parseTime } from "../../analytics/point-in-time";
import type { QueryResult } from "../../analytics/query-client";
import { queryFailed } from "../../analytics/query-failed";
import { looksLikeName, namedQueries, namedQuery } from "../../lakes/query-library";

const result: QueryResult = {
  columns: [
    { name: "id", type: "bigint" },
    { name: "note", type: "varchar" },
    { name: "note", type: "array(varchar)" },
    { name: "ok", type: "boolean" },
  ],
  rows: [
    [1, 'a "b", c', ["x"], true],
    ["9007199254740993", "", null, false],
  ],
  stats: { bytesRead: 0, rowsRead: 0, elapsedMs: 0, queuedMs: 0 },
};

describe("results", () => {
  test("integers that a number cannot hold keep every digit; text is left alone", () => {
    expect(
      parseExactJson(
        '{"a": 9007199254740993, "b": -9223372036854775808, "c": 1234567890123456, "d": 1.2345678901234567890, "e": "9007199254740993 \\" 9007199254740993", "f": [12345678901234567890]}',
      ),
    ).toEqual({
      a: "9007199254740993",
      b: "-9223372036854775808",
      c: 1234567890123456,
      d: 1.2345678901234567,
      e: '9007199254740993 " 9007199254740993',
      f: ["12345678901234567890"],
    });
  });

  test("CSV quotes what needs it and tells null from an empty string", () => {
    expect(toCsv(result)).toBe(
      'id,note,note,ok\n1,"a ""b"", c","[""x""]",true\n9007199254740993,"",,false\n',
    );
  });

  test("objects keep both columns of one name", () => {
    expect(toObjects(result)[0]).toEqual({ id: 1, note: 'a "b", c', note_2: ["x"], ok: true });
  });

  test.each([
    ["2026-01-01 00:04:16.124224000", "2026-01-01 00:04:16.124224"],
    ["2026-01-01 00:04:16.000000000", "2026-01-01 00:04:16"],
    ["2026-01-01 00:04:16.120 UTC", "2026-01-01 00:04:16.12 UTC"],
    ["1.500", "1.500"],
    [{ x: 1 }, '{"x":1}'],
    [null, null],
  ])("%j reads as %j", (value, text) => {
    expect(readable(value)).toBe(text);
  });
});

describe("failures", () => {
  test("show the line and the place", () => {
    const sql = "SELECT\n  foo FROM orders";
    const error = queryFailed(
      {
        message: "line 2:3: Column 'foo' cannot be resolved",
        errorName: "COLUMN_NOT_FOUND",
        errorLocation: { lineNumber: 2, columnNumber: 3 },
      },
      sql,
    );
    expect(error.message).toBe(
      "Column 'foo' cannot be resolved (line 2, column 3)\n    foo FROM orders\n    ^",
    );
    expect(error).toMatchObject({ code: "COLUMN_NOT_FOUND", position: { line: 2, column: 3 } });
  });

  test.each([
    [
      "line 1:8: Relation not found or not allowed",
      "TABLE_NOT_FOUND",
      "the table does not exist or is not visible to this user",
    ],
    [
      "Access Denied: Cannot select from table saas_hudi.silver.core_order",
      "PERMISSION_DENIED",
      "silver.core_order, or a column of it that the query names, is not visible to this user",
    ],
    [
      "Access Denied: Cannot select from columns [email] in table or view saas.gold.dim",
      "PERMISSION_DENIED",
      "gold.dim, or a column of it that the query names, is not visible to this user",
    ],
    ["Division by zero", "DIVISION_BY_ZERO", "Division by zero"],
  ])("%s", (message, errorName, expected) => {
    expect(queryFailed({ message, errorName }, "SELECT 1").message).toBe(expected);
  });
});

describe("times", () => {
  const now = new Date("2026-11-21T12:00:00Z");

  test.each([
    ["now", "2026-11-21T12:00:00.000Z"],
    ["10 minutes ago", "2026-11-21T11:50:00.000Z"],
    ["an hour ago", "2026-11-21T11:00:00.000Z"],
    ["2 Weeks ago", "2026-11-07T12:00:00.000Z"],
    ["yesterday", "2026-11-20T12:00:00.000Z"],
    ["2026-11-21", "2026-11-21T00:00:00.000Z"],
    ["2026-11-21 05:30", "2026-11-21T05:30:00.000Z"],
    ["2026-11-21 05:30:01.5 UTC", "2026-11-21T05:30:01.500Z"],
    ["2026-11-21T05:30:00+01:00", "2026-11-21T04:30:00.000Z"],
    ["2026-11-21T05:30:00+0100", "2026-11-21T04:30:00.000Z"],
  ])("%s", (text, expected) => {
    expect(parseTime(text, now).toISOString()).toBe(expected);
  });

  test.each(["", "soon", "10 minutes", "-5 minutes ago", "2026-13-01", "21.11.2026", "05:30"])(
    '"%s" is refused',
    (text) => {
      expect(() => parseTime(text, now)).toThrow("is no time; expected such as");
    },
  );

  test("the future is refused", () => {
    expect(() => parseTime("2026-11-21 13:00", now)).toThrow("has not come yet");
  });
});

describe("the query library", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "lakewright-queries-"));
    mkdirSync(join(root, "shop", "queries"), { recursive: true });
    writeFileSync(
      join(root, "shop", "queries", "revenue_by_month.sql"),
      "-- Revenue of each month.\nSELECT 1;\n",
    );
  });
  afterEach(() => rmSync(root, { recursive: true }));

  test("describes a query by its first comment and runs it without its semicolon", () => {
    expect(namedQueries("shop", root)).toEqual([
      {
        name: "revenue_by_month",
        description: "Revenue of each month.",
        sql: "-- Revenue of each month.\nSELECT 1",
      },
    ]);
    expect(namedQueries("other", root)).toEqual([]);
  });

  test("says what comes close to a wrong name, and which file lacks its comment", () => {
    expect(() => namedQuery("shop", "monthly_revenue", root)).toThrow(
      'there is no query "monthly_revenue" in sql/shop/queries; there is revenue_by_month; see --list',
    );
    writeFileSync(join(root, "shop", "queries", "bare.sql"), "SELECT 1");
    expect(() => namedQueries("shop", root)).toThrow("bare.sql must begin with a comment");
  });

  test("tells names from SQL", () => {
    expect(
      ["revenue_by_month", " mrr ", "SELECT 1", "silver.core_order", ""].map(looksLikeName),
    ).toEqual([true, true, false, false, false]);
  });
});
