import type { FunnelFigure } from "../../../lakes/report";
import { formatValue } from "../format";
import { type Html, html } from "../html";
import { numberOf, type Row } from "../rows";

/** Stages as bars below each other: how many are left, of all and of the stage before. */
export function renderFunnel({ title, counted, stages }: FunnelFigure, rows: readonly Row[]): Html {
  const row = rows[0]!;
  const values = stages.map(({ column }) => numberOf(row, column) ?? 0);
  const share = (of: number, whole: number) => (whole > 0 ? of / whole : null);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${title}">
    <table class="funnel">
      <thead>
        <tr>
          <th scope="col">Stage</th>
          <th scope="col" class="number">${counted}</th>
          <th scope="col" class="number">Of all</th>
          <th scope="col" class="number">Of the stage before</th>
        </tr>
      </thead>
      <tbody>
        ${stages.map(({ title: stage, column, format }, i) => {
          const ofAll = share(values[i]!, values[0]!);
          const ofBefore = i === 0 ? null : share(values[i]!, values[i - 1]!);
          return html`<tr>
            <th scope="row">
              ${stage}<span class="track"
                ><span class="fill" style="--share:${((ofAll ?? 0) * 100).toFixed(1)}%"></span
              ></span>
            </th>
            <td class="number">${formatValue(row[column], format)}</td>
            <td class="number">${formatValue(ofAll, "percent")}</td>
            <td class="number">${formatValue(ofBefore, "percent")}</td>
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}
