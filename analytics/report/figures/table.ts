import type { TableFigure } from "../../../lakes/report";
import { type Html, html } from "../html";
import type { Row } from "../rows";
import { table } from "./data-table";

/** Rows as they are; what is beyond the rows to show is folded away. */
export function renderTable({ columns, shown }: TableFigure, rows: readonly Row[]): Html {
  if (shown === undefined || rows.length <= shown) return table(columns, rows);
  const more = rows.length - shown;
  return html`${table(columns, rows.slice(0, shown))}
    <details class="more">
      <summary>${more} more ${more === 1 ? "row" : "rows"}</summary>
      ${table(columns, rows.slice(shown))}
    </details>`;
}
