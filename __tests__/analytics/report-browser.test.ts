import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import type { Browser, BrowserContextOptions, Page } from "playwright-core";

import { buildReport } from "../../analytics/report/page";
import { loadLake } from "../../lakes/load";
import { loadReport, type ReportDefinition } from "../../lakes/report";
import { findChromium, launchChromium } from "./chromium";
import { cannedQuery, NOW, sampleData } from "./report-data";

jest.setTimeout(60_000);

const executable = findChromium();
if (!executable) {
  console.warn(
    "the report page is not tested in a browser: there is no Chromium on the path (apt-get install chromium, or set CHROMIUM)",
  );
}

/** Gives, in the page, the texts that are hard to read. */
const LOW_CONTRAST = readFileSync(join(__dirname, "low-contrast.js"), "utf8");

const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 900 } };
const PHONE: BrowserContextOptions = {
  viewport: { width: 375, height: 800 },
  isMobile: true,
  hasTouch: true,
};

(executable ? describe : describe.skip)("the report page in Chromium", () => {
  const folder = mkdtempSync(join(tmpdir(), "lakewright-report-"));
  let browser: Browser;
  let address: string;

  beforeAll(async () => {
    const lake = loadLake("saas");
    const report = loadReport("saas") as ReportDefinition;
    // a name that would break the page if it were not text
    const data = sampleData();
    const [first, ...others] = data["By tenant"]!;
    const hostile = { ...first, name: "<script>document.title = 'taken'</script>" };
    const { html } = await buildReport({
      lake,
      report,
      query: cannedQuery(lake, report, { ...data, "By tenant": [hostile, ...others] }),
      now: NOW,
    });
    const file = join(folder, "report.html");
    writeFileSync(file, html);
    address = pathToFileURL(file).href;
    browser = await launchChromium(executable as string);
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens the page, and proves that it neither complains nor asks for anything but itself. */
  async function open(options: BrowserContextOptions): Promise<Page> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("request", (request) => requests.push(request.url()));
    await page.goto(address, { waitUntil: "load" });
    expect(complaints).toEqual([]);
    expect(requests).toEqual([address]);
    return page;
  }

  /** Widths of the drawings that can be seen, with how many shapes each has. */
  const visibleDrawings = (page: Page) =>
    page.$$eval(".drawing", (drawings) =>
      drawings
        .map((drawing) => ({
          size: drawing.className.replace("drawing size-", ""),
          width: drawing.getBoundingClientRect().width,
          shapes: [...drawing.querySelectorAll("path")].filter(
            (path) => path.getBoundingClientRect().width > 0,
          ).length,
        }))
        .filter(({ width }) => width > 0),
    );

  it.each([
    ["a desktop", DESKTOP, ["l", "m"]],
    ["a phone", PHONE, ["s"]],
  ])("draws every chart on %s, once, without sideways scrolling", async (_, options, sizes) => {
    const page = await open(options);
    const drawings = await visibleDrawings(page);
    // the charts of one currency, and those of all
    expect(drawings).toHaveLength(5 + 4);
    expect([...new Set(drawings.map(({ size }) => size))].sort()).toEqual(sizes);
    for (const { shapes } of drawings) expect(shapes).toBeGreaterThan(5);
    const widths = await page.evaluate(
      "[document.documentElement.scrollWidth, document.documentElement.clientWidth]",
    );
    expect(widths).toEqual([options.viewport!.width, options.viewport!.width]);
    const outside = await page.$$eval(
      "figure, .tile, h1, h2, h3, p, .funnel",
      (elements, most) =>
        elements
          .filter((element) => element.getBoundingClientRect().right > most + 0.5)
          .map((element) => element.textContent),
      options.viewport!.width,
    );
    expect(outside).toEqual([]);
    await page.context().close();
  });

  it("shows hostile names as text", async () => {
    const page = await open(DESKTOP);
    expect(await page.title()).toBe("Shop lake");
    expect(await page.textContent("#tenants tbody th")).toContain("<script>document.title");
    await page.context().close();
  });

  it("switches the currency of a section, by keyboard too", async () => {
    const page = await open(DESKTOP);
    const shown = () =>
      page.$$eval("#revenue .panel", (panels) =>
        panels
          .filter((panel) => panel.getBoundingClientRect().height > 0)
          .map((panel) => panel.querySelector("h4")!.textContent),
      );
    expect(new Set(await shown())).toEqual(new Set(["EUR"]));
    await page.click("#revenue .facets label:nth-of-type(2)");
    expect(new Set(await shown())).toEqual(new Set(["USD"]));
    await page.keyboard.press("ArrowRight");
    expect(new Set(await shown())).toEqual(new Set(["GBP"]));
    await page.context().close();
  });

  it("tells the values under the pointer, as the table below has them", async () => {
    const page = await open(DESKTOP);
    const chart = page
      .locator("#subscriptions figure:has(h3:text-is('MRR by month')) .chart")
      .first();
    await chart.scrollIntoViewIfNeeded();
    const box = (await chart.boundingBox())!;
    await page.mouse.move(box.x + box.width - 20, box.y + box.height / 2);
    const tip = (await chart.locator(".tip").innerText()).replace(/\s+/g, " ");
    expect(tip).toContain("Nov 2026 now MRR 21,736.00 Growth +2.6% ARR 260,832.00 Subscribers 556");
    await page.mouse.move(5, 5);
    expect(await chart.locator(".tip").count()).toBe(0);
    await page.context().close();
  });

  it("lights a model's ancestors in the lineage graph, and no more", async () => {
    const page = await open(DESKTOP);
    const lit = () =>
      page.$$eval(".node.on title", (titles) =>
        titles.map((title) => title.textContent!.split(":")[0]).sort(),
      );
    expect(await lit()).toEqual([]);
    await page.hover(".node:has(title:text('gold.revenue_quarterly:'))");
    const expected = [
      "gold.revenue_daily",
      "gold.revenue_monthly",
      "gold.revenue_quarterly",
      "silver.core_order",
      "source.public.core_order",
    ];
    expect(await lit()).toEqual(expected);
    expect(await page.locator(".edge.on").count()).toBe(4);
    await page.context().close();
  });

  it("prints every currency, each chart whole on its page, light even in the dark", async () => {
    const page = await open({ ...DESKTOP, colorScheme: "dark" });
    await page.emulateMedia({ media: "print" });
    const panels = await page.$$eval("#revenue .panel", (all) =>
      all.map((panel) => panel.getBoundingClientRect().height > 0),
    );
    expect(panels).toEqual(Array.from({ length: 16 }, () => true));
    const background = await page.evaluate("getComputedStyle(document.body).backgroundColor");
    expect(background).toBe("rgb(255, 255, 255)");
    const breaks = await page.evaluate<string[]>(
      `[...document.querySelectorAll(".panel, .series:not(:has(.panel))")]
        .map((element) => getComputedStyle(element).breakInside)`,
    );
    expect(breaks.length).toBeGreaterThan(20);
    expect(new Set(breaks)).toEqual(new Set(["avoid"]));
    const pdf = (await page.pdf({ format: "A4" })).toString("latin1");
    const pages = pdf.match(/\/Type\s*\/Page\b(?!s)/g) ?? [];
    expect(pages.length).toBeGreaterThanOrEqual(6);
    expect(pages.length).toBeLessThanOrEqual(14);
    await page.context().close();
  });

  it("is whole without any script", async () => {
    const page = await open({ ...PHONE, javaScriptEnabled: false });
    expect(await page.locator(".drawing:visible").count()).toBe(9);
    await page.context().close();
  });

  it.each(["light", "dark"] as const)("has text of enough contrast in the %s", async (scheme) => {
    const page = await open({ ...DESKTOP, colorScheme: scheme });
    expect(await page.evaluate(LOW_CONTRAST)).toEqual([]);
    await page.context().close();
  });
});
