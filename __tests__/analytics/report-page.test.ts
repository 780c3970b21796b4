import { buildReport } from "../../analytics/report/page";
import { loadLake } from "../../lakes/load";
import { loadReport, type ReportDefinition } from "../../lakes/report";
import type { Lake } from "../../model/lake";
import { type Canned, cannedQuery, NOW, sampleData } from "./report-data";

const lake: Lake = loadLake("saas");
const report = loadReport("saas") as ReportDefinition;

async function page(canned: Canned, asOf?: string | null) {
  return buildReport({ lake, report, query: cannedQuery(lake, report, canned, asOf), now: NOW });
}

/** The figure or tile under a title, from its start to its end. */
function part(html: string, title: string): string {
  const parts = html.match(/<(figure|article)[^>]*>[\s\S]*?<\/\1>/g) ?? [];
  const found = parts.filter((text) => new RegExp(`<h[23]>${title}</h[23]>`).test(text));
  expect(found).toHaveLength(1);
  return found[0] as string;
}

/** The table's rows, each as the texts of its cells. */
function cells(html: string): string[][] {
  return [...html.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(([, row]) =>
    [...(row as string).matchAll(/<t[hd][^>]*>([\s\S]*?)<\/t[hd]>/g)].map(([, cell]) =>
      (cell as string)
        .replace(/<[^>]*>/g, "")
        .replace(/\s+/g, " ")
        .trim(),
    ),
  );
}

describe("the report page", () => {
  let html: string;

  beforeAll(async () => {
    const made = await page(sampleData());
    expect(made.failures).toEqual([]);
    html = made.html;
  });

  it("says when the newest change was committed and when it was written", () => {
    expect(html).toMatch(
      /As of the change committed at the source on 21 Nov 2026, 05:28 UTC,\s+1 min 19 s before this page was written\./,
    );
    expect(html).toMatch(/on 21 Nov 2026, 05:30 UTC from the lake’s own tables/);
  });

  it("shows amounts per currency on tiles, with the period and the growth", () => {
    const tile = part(html, "Net revenue").replace(/<[^>]*>/g, " ");
    expect(tile.match(/[A-Z]{3} [\d,]+/g)).toEqual([
      "EUR 163,292",
      "USD 97,352",
      "GBP 28,272",
      "PLN 54,962",
    ]);
    expect(tile.match(/([▲▼] )?[+−]?[\d.]+%/g)).toEqual(["▲ +8.4%", "▼ −2.1%", "▲ +13.2%", "0.0%"]);
    expect(tile).toContain("in October 2026, against the month before");
  });

  it("lists every table's rows with their sum in the row accounting", () => {
    const rows = cells(part(html, "Row accounting"));
    expect(rows[0]).toEqual([
      "Table",
      "Read",
      "Applied",
      "Superseded",
      "Ignored",
      "Quarantined",
      "Unaccounted",
    ]);
    expect(rows).toHaveLength(9);
    expect(rows[4]).toEqual(["core_order", "51,712", "50,990", "512", "0", "210", "0"]);
  });

  it("keeps exact values in the table below a chart, with a chart per currency", () => {
    const figure = part(html, "By month");
    expect(figure.match(/<h4>[A-Z]{3}<\/h4>/g)).toEqual([
      "<h4>EUR</h4>",
      "<h4>USD</h4>",
      "<h4>GBP</h4>",
      "<h4>PLN</h4>",
    ]);
    const rows = cells(figure);
    expect(rows).toHaveLength(4 * 8);
    expect(rows[7]).toEqual(["Nov 2026 so far", "99,939.84", expect.any(String), "1,747", "94.20"]);
  });

  it("draws every chart once per width, as SVG that no script is needed for", () => {
    const charts = html.match(/<div class="chart"/g) ?? [];
    // by day, month and quarter, MRR moved and by month: 4 currencies each; and 4 without currency
    expect(charts).toHaveLength(5 * 4 + 4);
    const drawings = html.match(/class="drawing size-[sml]"/g) ?? [];
    expect(drawings).toHaveLength(4 * 3 + 20 * 2);
    const shown = html.replace(/<script>[\s\S]*<\/script>/, "");
    expect(shown.match(/NaN|undefined|\[object/g)).toBeNull();
  });

  it("shows the share of a cohort that came back, and nothing for months to come", () => {
    const rows = cells(part(html, "Who comes back"));
    expect(rows[2]?.slice(0, 2)).toEqual(["May 2026", "1,180"]);
    expect(rows[2]?.[2]).toMatch(/^4\d%$/);
    expect(rows[8]).toEqual(["Nov 2026", "640", "", "", "", "", "", ""]);
  });

  it("marks what is not well in words, not by colour alone", () => {
    expect(cells(part(html, "Silver")).at(-1)?.[1]).toBe("⚠ late");
    expect(cells(part(html, "Rules by table"))[6]?.[3]).toBe("⚠ 2");
    const verdicts = cells(part(html, "Rules")).map((row) => row[4]);
    expect(verdicts.slice(0, 4)).toEqual(["Last verdict", "⚠ failed", "passed", "passed"]);
    expect(verdicts).toContain("skipped");
  });

  it("loads nothing: no address but anchors within the page, and a policy against any other", () => {
    const references = [...html.matchAll(/(?:src|href|url)\s*[=(]\s*["']?([^"')\s>]+)/g)].map(
      ([, target]) => target,
    );
    expect(references.length).toBeGreaterThan(9);
    expect(references.filter((target) => !/^(#|data:,)/.test(target as string))).toEqual([]);
    expect(html).toMatch(
      /http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;/,
    );
    expect(html.length).toBeLessThan(1_000_000);
  });
});

describe("hostile data on the report page", () => {
  const hostile = `</script><script>alert(1)</script><img src=x onerror="alert(2)">'&`;

  it("is text wherever it is shown: names, facets, units, notes, axis labels and errors", async () => {
    const data = sampleData();
    const poison = (rows: Canned[string]) =>
      rows.map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([name, value]) => [
            name,
            typeof value === "string" && !/^[\d-]/.test(value) ? `${value}${hostile}` : value,
          ]),
        ),
      );
    const poisoned = Object.fromEntries(
      Object.entries(data).map(([title, rows]) => [title, poison(rows)]),
    );
    const answers = cannedQuery(lake, report, poisoned);
    const { html, failures } = await buildReport({
      lake,
      report,
      now: NOW,
      query: (sql) =>
        sql.includes("gold.inventory_turnover") ? Promise.reject(new Error(hostile)) : answers(sql),
    });
    expect(failures).toEqual([{ title: "Stock", error: hostile }]);
    expect(html.split("&lt;script&gt;alert(1)").length).toBeGreaterThan(100);
    // one script element, the page's own
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html.match(/<img/g)).toBeNull();
    expect(html).toContain("Hilpert, Baumbach &amp; Co&lt;/script&gt;");
  });
});

describe("a lake without data", () => {
  it("gets a sentence instead of each figure", async () => {
    const { html, failures } = await page({}, null);
    expect(failures).toEqual([]);
    expect(html).toContain("The lake holds no change yet.");
    expect(html).not.toContain('class="chart"');
    const figures = report.sections.flatMap((section) => section.figures);
    for (const { title, empty } of [...report.tiles, ...figures]) {
      expect(part(html, title)).toContain(empty);
    }
    expect(part(html, "Row accounting")).toContain("No row has been read yet.");
  });
});

describe("a query that fails", () => {
  it("is named in its place, and the rest of the page is made", async () => {
    const answers = cannedQuery(lake, report, sampleData());
    const { html, failures } = await buildReport({
      lake,
      report,
      now: NOW,
      query: (sql) =>
        /ops\.runs/.test(sql) ? Promise.reject(new Error("ops.runs is away")) : answers(sql),
    });
    expect(failures.map(({ title }) => title).sort()).toEqual(["Gold", "Row accounting", "Silver"]);
    expect(part(html, "Row accounting")).toContain("This could not be read: ops.runs is away");
    expect(part(html, "Paid orders")).toContain("8,912");
  });

  it("is one whose result lacks a column that is to be shown", async () => {
    const data = { ...sampleData(), Plans: [{ plan: "pro", subscriptions: 1 }] };
    const { failures } = await page(data);
    expect(failures).toEqual([
      {
        title: "Plans",
        error: "the query gives the columns plan, subscriptions; expected share as well",
      },
    ]);
  });
});

describe("a waterfall whose steps do not lead to its end", () => {
  it("says what is not explained", async () => {
    const data = sampleData();
    const moved = data["What moved MRR"]!.map((row) => ({ ...row, mrr: "21841.23" }));
    const { html } = await page({ ...data, "What moved MRR": [moved[0]!] });
    expect(part(html, "What moved MRR")).toMatch(/1\.23 is\s+not\s+explained/);
    expect(part((await page(data)).html, "What moved MRR")).not.toMatch(/not\s+explained/);
  });
});
