import type { HeatMapFigure } from "../../../lakes/report";
import { formatValue } from "../format";
import { type Html, html } from "../html";
import { numberOf, type Row, textOf } from "../rows";

/** A matrix of shares as a table whose cells are tinted: as readable by a person as by a screen reader. */
export function renderHeatMap(figure: HeatMapFigure, rows: readonly Row[]): Html {
  const { row, size, column, value } = figure;
  const names = [...new Set(rows.map((each) => textOf(each, row.column)))];
  const columns = [...new Set(rows.map((each) => numberOf(each, column.column) ?? 0))].sort(
    (a, b) => a - b,
  );
  const key = (name: string, at: number) => `${name}\n${at}`;
  const cells = new Map(
    rows.map((each) => [key(textOf(each, row.column), numberOf(each, column.column) ?? 0), each]),
  );
  const sizes = new Map(rows.map((each) => [textOf(each, row.column), each]));
  const most = Math.max(0, ...rows.map((each) => numberOf(each, value.column) ?? 0));
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${figure.title}">
    <table class="heatmap">
      <thead>
        <tr>
          <td colspan="2"></td>
          <th scope="colgroup" colspan="${columns.length}">${column.title}</th>
        </tr>
        <tr>
          <th scope="col">${row.title}</th>
          <th scope="col" class="number">${size.title}</th>
          ${columns.map((at) => html`<th scope="col" class="number">${at}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${names.map(
          (name) =>
            html`<tr>
              <th scope="row">${formatValue(name, row.format)}</th>
              <td class="number">${formatValue(sizes.get(name)![size.column], size.format)}</td>
              ${columns.map((at) => cell(cells.get(key(name, at)), figure, most))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** A tinted cell with the whole percent, the exact value in its tooltip; blank where there is none. */
function cell(row: Row | undefined, { value }: HeatMapFigure, most: number): Html {
  const number = row ? numberOf(row, value.column) : null;
  if (!row || number === null) return html`<td></td>`;
  const share = most > 0 ? number / most : 0;
  return html`<td
    class="number heat"
    style="--heat:${share.toFixed(2)}"
    title="${formatValue(row[value.column], value.format)}"
  >
    ${Math.round(number * 100)}%
  </td>`;
}
