import type { Format, TableColumn } from "../../../lakes/report";
import { formatValue } from "../format";
import { type Html, html } from "../html";
import { numberOf, type Row, textOf } from "../rows";

const NUMBERS: readonly Format[] = [
  "count",
  "decimal",
  "money",
  "percent",
  "share",
  "change",
  "seconds",
];

/** Whether values of the format stand right-aligned under each other. */
export const isNumber = (format: Format) => NUMBERS.includes(format);

/** The numbers of a chart, folded away: for reading exactly, for screen readers, and for tooltips. */
export function dataTable(
  columns: readonly TableColumn[],
  rows: readonly Row[],
  options: { readonly remark?: (row: Row) => string } = {},
): Html {
  return html`<details class="numbers">
    <summary>Numbers</summary>
    ${table(columns, rows, options)}
  </details>`;
}

/** Rows as a table; a column with `bar` shows its value's size behind the number. */
export function table(
  columns: readonly TableColumn[],
  rows: readonly Row[],
  { remark = () => "" }: { readonly remark?: (row: Row) => string } = {},
): Html {
  const largest = new Map(
    columns
      .filter(({ bar }) => bar)
      .map(({ column }) => [
        column,
        Math.max(...rows.map((row) => Math.abs(numberOf(row, column) ?? 0))),
      ]),
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table">
    <table>
      <thead>
        <tr>
          ${columns.map(
            ({ title, format }) => html`<th scope="col" class="${kind(format)}">${title}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${columns.map((column, i) => cell(column, row, i, largest, remark))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function cell(
  { column, format, unit, expected }: TableColumn,
  row: Row,
  index: number,
  largest: ReadonlyMap<string, number>,
  remark: (row: Row) => string,
): Html {
  const text = formatValue(row[column], format, unit ? textOf(row, unit) : undefined);
  if (index === 0) {
    const more = remark(row);
    return html`<th scope="row" class="${kind(format)}">
      ${text}${more && html` <small>${more}</small>`}
    </th>`;
  }
  if (expected !== undefined) {
    const well = expected.includes(textOf(row, column));
    return html`<td class="${isNumber(format) ? "number" : "fixed"} ${well ? "ok" : "warning"}">
      ${well ? text : `⚠ ${text}`}
    </td>`;
  }
  const most = largest.get(column);
  if (!most) return html`<td class="${kind(format)}">${text}</td>`;
  const share = Math.abs(numberOf(row, column) ?? 0) / most;
  return html`<td
    class="bar ${kind(format)}"
    style="--share:${share.toFixed(3)};--text:${text.length + 3}ch"
  >
    ${text}
  </td>`;
}

const FIXED: readonly Format[] = ["day", "month", "time"];

const kind = (format: Format) =>
  isNumber(format) ? "number" : FIXED.includes(format) ? "fixed" : "word";
