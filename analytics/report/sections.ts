import type { Figure, ReportSection, Tile } from "../../lakes/report";
import type { Answer, Answers } from "./collect";
import { renderFigure } from "./figures/render";
import { formatHeadline, formatValue } from "./format";
import { type Html, html } from "./html";
import { numberOf, type Row, textOf } from "./rows";

/** Facet values that are shown; what is beyond is named. The style sheet knows as many. */
const FACETS = 8;

/** A tile: the number, or with several rows (one per currency, say) one line each. */
export function renderTile(tile: Tile, answer: Answer): Html {
  return html`<article class="tile">
    <h2>${tile.title}</h2>
    ${"error" in answer ? failure(answer.error) : tileBody(tile, answer.rows)}
  </article>`;
}

function tileBody({ value, change, note, empty }: Tile, rows: readonly Row[]): Html {
  if (rows.length === 0) return html`<p class="empty">${empty}</p>`;
  const several = rows.length > 1 ? " several" : "";
  return html`${rows.map((row) => {
    const text = formatHeadline(
      row[value.column],
      value.format,
      value.unit ? textOf(row, value.unit) : undefined,
    );
    return html`<p class="value${several}">
      <span>${text}</span>${change && changeOf(row, change)}
    </p>`;
  })}${note && html`<p class="note">${textOf(rows[0]!, note)}</p>`}`;
}

function changeOf(row: Row, column: string): Html | null {
  const change = numberOf(row, column);
  if (change === null) return null;
  const direction = change > 0 ? "rise" : change < 0 ? "fall" : "";
  const arrow = { rise: "▲ ", fall: "▼ ", "": "" }[direction];
  return html`<span class="change ${direction}">${arrow}${formatValue(change, "change")}</span>`;
}

/** A section with its figures, and a switch between the values of its facet where there are several. */
export function renderSection(section: ReportSection, answers: Answers): Html {
  const facets = facetsOf(section, answers);
  return html`<section id="${section.id}">
    <h2>${section.title}</h2>
    <p class="lead">${section.sentence}</p>
    ${facets.length > 1 && facetSwitch(section, facets)}
    <div class="figures">
      ${section.figures.map((figure) => renderWhole(section, figure, answers.of(figure), facets))}
    </div>
  </section>`;
}

/** A figure with its frame. */
export function frame(
  {
    title,
    sentence,
    width,
    kind,
  }: Pick<Figure, "title" | "sentence" | "width"> & {
    readonly kind: Figure["kind"] | "lineage";
  },
  body: Html | readonly Html[],
): Html {
  return html`<figure class="${kind} ${width ?? "full"}">
    <figcaption>
      <h3>${title}</h3>
      ${sentence && html`<p>${sentence}</p>`}
    </figcaption>
    ${body}
  </figure>`;
}

function renderWhole(
  section: ReportSection,
  figure: Figure,
  answer: Answer,
  facets: readonly string[],
): Html {
  if ("error" in answer) return frame(figure, failure(answer.error));
  const { rows } = answer;
  if (rows.length === 0) return frame(figure, html`<p class="empty">${figure.empty}</p>`);
  const column = section.facet?.column;
  if (!figure.faceted || !column) return frame(figure, body(figure, rows));
  const panels = facets.map((value, index) => {
    const own = rows.filter((row) => textOf(row, column) === value);
    const content = body(figure, own);
    return facets.length < 2
      ? content
      : html`<div class="panel panel-${index + 1}">
          <h4>${value}</h4>
          ${content}
        </div>`;
  });
  return frame(figure, panels);
}

function body(figure: Figure, rows: readonly Row[]): Html {
  return html`<div class="body">
    ${rows.length === 0 ? html`<p class="empty">${figure.empty}</p>` : renderFigure(figure, rows)}
  </div>`;
}

function facetsOf({ facet, figures }: ReportSection, answers: Answers): string[] {
  if (!facet) return [];
  const rows = figures
    .filter(({ faceted }) => faceted)
    .map((figure) => answers.of(figure))
    .flatMap((answer) => ("rows" in answer ? answer.rows : []));
  return [...new Set(rows.map((row) => textOf(row, facet.column)))];
}

function facetSwitch({ id, facet }: ReportSection, all: readonly string[]): Html {
  const shown = all.slice(0, FACETS);
  return html`<fieldset class="facets">
    <legend>${facet!.title}</legend>
    ${shown.map(
      (value, index) =>
        html`<input
            type="radio"
            name="facet-${id}"
            id="facet-${id}-${index}"
            ${index === 0 && html`checked`}
          /><label for="facet-${id}-${index}">${value}</label>`,
    )}
    ${all.length > FACETS && html`<span class="note">${all.slice(FACETS).join(", ")} not shown</span>`}
  </fieldset>`;
}

function failure(error: string): Html {
  return html`<p class="warning">This could not be read: ${error}</p>`;
}
