import { withTime } from "../../analytics/report/collect";
import { fillPeriods } from "../../analytics/report/figures/periods";
import { renderWaterfall } from "../../analytics/report/figures/waterfall";
import {
  formatAge,
  formatHeadline,
  formatShort,
  formatTime,
  formatValue,
  parseTime,
} from "../../analytics/report/format";
import { html } from "../../analytics/report/html";

describe("values as text", () => {
  it.each([
    ["12345678901234567890.15", "money", "12,345,678,901,234,567,890.15"],
    ["-0.5", "money", "−0.50"],
    [1234567, "count", "1,234,567"],
    [0.1249, "percent", "12.5%"],
    [0.084, "change", "+8.4%"],
    [-0.021, "change", "−2.1%"],
    [0, "change", "0.0%"],
    [0.99999, "share", "99.99%"],
    [1, "share", "100%"],
    [5.312, "decimal", "5.3"],
    [0.84, "seconds", "0.8 s"],
    [262.4, "seconds", "4 min 22 s"],
    [120, "seconds", "2 min"],
    [7_260, "seconds", "2 h 1 min"],
    ["2026-11-01", "month", "Nov 2026"],
    ["2026-11-07", "day", "7 Nov 2026"],
    ["2026-11-21 05:17:04.123456 UTC", "time", "21 Nov 2026, 05:17"],
    [null, "money", "–"],
    ["", "text", "–"],
    ["not a number", "count", "–"],
  ] as const)("%s as %s is %s", (value, format, text) => {
    expect(formatValue(value, format)).toBe(text);
  });

  it("puts the unit before an amount, and leaves cents out in headlines", () => {
    expect(formatValue("41200.5", "money", "EUR")).toBe("EUR 41,200.50");
    expect(formatValue(null, "money", "EUR")).toBe("–");
    expect(formatHeadline("163292.34", "money", "EUR")).toBe("EUR 163,292");
  });

  it("is short on axes", () => {
    expect(formatShort(1_234_567, "money")).toBe("1.2M");
    expect(formatShort(-340_000, "count")).toBe("−340K");
    expect(formatShort(0.05, "percent")).toBe("5%");
    expect(formatShort(0.025, "percent")).toBe("2.5%");
  });

  it("reads the timestamps of Trino and Spark, in UTC where no zone is said", () => {
    const times = [
      "2026-11-21 05:17:04.123456 UTC",
      "2026-11-21 05:17:04.123",
      "2026-11-21T05:17:04.123Z",
      "2026-11-21T06:17:04.123+01:00",
    ];
    expect(times.map((time) => parseTime(time)?.toISOString())).toEqual(
      times.map(() => "2026-11-21T05:17:04.123Z"),
    );
    expect(parseTime("yesterday")).toBeNull();
    expect(formatTime(null)).toBe("–");
    const now = new Date("2026-11-21T05:00:00Z");
    expect(formatAge(new Date("2026-11-21T06:00:00Z"), now)).toBe("0 s");
  });
});

describe("markup", () => {
  it("escapes what is put in, at any depth, and only once", () => {
    const inner = html`<b>${"<i>"}</b>`;
    expect(html`<p title="${`"'`}">${[inner, null, false, 0]}</p>`.text).toBe(
      '<p title="&quot;&#39;"><b>&lt;i&gt;</b>0</p>',
    );
    expect(html`${"a\u0000b"}`.text).toBe("a\ufffdb");
  });
});

describe("time in SQL", () => {
  it("is put in for :today and :now, and for nothing that only looks so", () => {
    const sql = "SELECT :today, :now, x::now FROM t WHERE a < :today";
    expect(withTime(sql, new Date("2026-11-21T05:30:01.250Z"))).toBe(
      "SELECT DATE '2026-11-21', TIMESTAMP '2026-11-21 05:30:01.250', x::now FROM t WHERE a < DATE '2026-11-21'",
    );
  });
});

describe("periods along an axis", () => {
  it("are all there, also the ones without a row", () => {
    const days = fillPeriods([{ d: "2026-02-27" }, { d: "2026-03-02", n: 1 }], "d", "day");
    expect(days).toEqual([
      { d: "2026-02-27" },
      { d: "2026-02-28" },
      { d: "2026-03-01" },
      { d: "2026-03-02", n: 1 },
    ]);
    const months = fillPeriods([{ m: "2025-12-01" }, { m: "2026-02-01" }], "m", "month");
    expect(months.map(({ m }) => m)).toEqual(["2025-12-01", "2026-01-01", "2026-02-01"]);
    expect(fillPeriods([{ q: "Q1" }, { q: "Q3" }], "q", "text")).toHaveLength(2);
  });
});

describe("a waterfall", () => {
  it("shows what is taken away as negative amounts in its table", () => {
    const money = (column: string) => ({ column, title: column, format: "money" as const });
    const figure = renderWaterfall(
      {
        kind: "waterfall",
        title: "Moved",
        sql: "",
        empty: "",
        opening: money("then"),
        steps: [
          { ...money("new"), direction: "up" },
          { ...money("lost"), direction: "down" },
        ],
        closing: money("now"),
      },
      [{ then: "10.00", new: "5.50", lost: "2.25", now: "13.25" }],
    );
    const amounts = [...figure.text.matchAll(/<td class="number">([^<]*)<\/td>/g)];
    expect(amounts.map(([, amount]) => amount)).toEqual(["10.00", "5.50", "−2.25", "13.25"]);
    expect(figure.text).not.toContain("not explained");
  });
});
