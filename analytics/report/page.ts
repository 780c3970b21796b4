import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { ReportDefinition, ReportSection } from "../../lakes/report";
import type { Lake } from "../../model/lake";
import { Answers, type ReportFailure } from "./collect";
import { formatAge, formatTime, parseTime } from "./format";
import { type Html, html, trusted } from "./html";
import { layOutLineage } from "./lineage";
import { renderLineage } from "./lineage-figure";
import { asOfSql, operationSections } from "./operations";
import type { Query } from "./rows";
import { frame, renderSection, renderTile } from "./sections";

export interface ReportInput {
  readonly lake: Lake;
  /** What the page shows of the business; null for its operation alone. */
  readonly report: ReportDefinition | null;
  /** Answers Trino SQL with every row of the lake visible. */
  readonly query: Query;
  /** The page's time; ages and running periods are counted from it. @default now */
  readonly now?: Date;
}

export interface ReportPage {
  readonly html: string;
  /** Parts whose query failed; the page says so in their place. */
  readonly failures: readonly ReportFailure[];
}

/**
 * A lake's report as one HTML file that loads nothing: style, script and drawings are inside, and a
 * content security policy forbids everything else, whatever the data may contain.
 */
export async function buildReport({
  lake,
  report,
  query,
  now = new Date(),
}: ReportInput): Promise<ReportPage> {
  const answers = new Answers(query, now);
  const tiles = report?.tiles ?? [];
  const sections = [...(report?.sections ?? []), ...operationSections(lake)];
  const [asOf] = await answers.rowsOf("Newest change", asOfSql(lake.manifest), ["as_of"]);
  await answers.ask(tiles, sections);
  const head = {
    title: report?.title ?? lake.definition.name,
    lead: report?.lead ?? `${lake.definition.description}.`,
    asOf: parseTime(asOf?.as_of),
    now,
  };
  const content = html`${
    tiles.length > 0 &&
    html`<div class="tiles">${tiles.map((tile) => renderTile(tile, answers.of(tile)))}</div>`
  }
  ${sections.map((section) => renderSection(section, answers))} ${lineageSection(lake)}`;
  const page = layOut(head, [...sections, LINEAGE], content);
  return { html: `${page.text}\n`, failures: answers.failures };
}

/** In the order in which they cascade. */
const STYLES = ["base", "figures", "tables", "lineage", "switch", "phone", "print"] as const;

interface Head {
  readonly title: string;
  readonly lead: string;
  readonly asOf: Date | null;
  readonly now: Date;
}

const LINEAGE = {
  id: "lineage",
  title: "Lineage",
  sentence:
    "From source table to gold model, as the SQL of the lake reads. Point at a model, or tap it, to see what it is made from.",
} as const;

function lineageSection({ manifest }: Lake): Html {
  const lineage = layOutLineage(manifest);
  const title = `${manifest.tables.length} tables, ${manifest.models.length} models`;
  return html`<section id="${LINEAGE.id}">
    <h2>${LINEAGE.title}</h2>
    <p class="lead">${LINEAGE.sentence}</p>
    <div class="figures">
      ${frame({ title, kind: "lineage" }, html`<div class="body">${renderLineage(lineage)}</div>`)}
    </div>
  </section>`;
}

function layOut(
  { title, lead, asOf, now }: Head,
  sections: readonly Pick<ReportSection, "id" | "title">[],
  content: Html,
): Html {
  const style = STYLES.map((name) => asset(`style/${name}.css`)).join("");
  const script = asset("page-script.js");
  const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src '${digest(script)}'; base-uri 'none'; form-action 'none'`;
  return html`${trusted("<!doctype html>")}
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        ${trusted(`<style>${style}</style>`)}
      </head>
      <body>
        <header>
          <h1>${title}</h1>
          <p class="lead">${lead}</p>
          <p class="asof">${asOfLine(asOf, now)}</p>
        </header>
        <nav aria-label="Sections">
          <ul>
            ${sections.map((each) => html`<li><a href="#${each.id}">${each.title}</a></li>`)}
          </ul>
        </nav>
        <main>${content}</main>
        <footer>
          Written by <code>./lake report</code> on ${formatTime(now)} from the lake’s own tables.
          Times are UTC.
        </footer>
        ${trusted(`<script>${script}</script>`)}
      </body>
    </html>`;
}

function asOfLine(asOf: Date | null, now: Date): Html {
  const written = html`Written ${formatTime(now)}.`;
  if (!asOf) return html`${written} The lake holds no change yet.`;
  return html`As of the change committed at the source on ${formatTime(asOf)},
  ${formatAge(asOf, now)} before this page was written.`;
}

function asset(name: string): string {
  return readFileSync(join(__dirname, name), "utf8");
}

const digest = (script: string) => `sha256-${createHash("sha256").update(script).digest("base64")}`;
