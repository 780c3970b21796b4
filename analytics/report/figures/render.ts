import type { Figure } from "../../../lakes/report";
import type { Html } from "../html";
import type { Row } from "../rows";
import { renderFunnel } from "./funnel";
import { renderHeatMap } from "./heatmap";
import { renderSeries } from "./series";
import { renderTable } from "./table";
import { renderWaterfall } from "./waterfall";

/** The body of a figure; there is at least one row. */
export function renderFigure(figure: Figure, rows: readonly Row[]): Html {
  switch (figure.kind) {
    case "series":
      return renderSeries(figure, rows);
    case "waterfall":
      return renderWaterfall(figure, rows);
    case "funnel":
      return renderFunnel(figure, rows);
    case "heatmap":
      return renderHeatMap(figure, rows);
    case "table":
      return renderTable(figure, rows);
  }
}

/** The columns that a figure shows, so that a query lacking one is reported as that. */
export function columnsOf(figure: Figure): string[] {
  switch (figure.kind) {
    case "series":
      return [
        figure.x.column,
        ...figure.series.flatMap(({ column, label }) => [column, ...(label ? [label.column] : [])]),
        ...(figure.details ?? []).map(({ column }) => column),
        ...(figure.provisional ? [figure.provisional] : []),
      ];
    case "waterfall":
      return [figure.opening, ...figure.steps, figure.closing].map(({ column }) => column);
    case "funnel":
      return figure.stages.map(({ column }) => column);
    case "heatmap":
      return [figure.row, figure.size, figure.column, figure.value].map(({ column }) => column);
    case "table":
      return figure.columns.flatMap(({ column, unit }) => (unit ? [column, unit] : [column]));
  }
}
