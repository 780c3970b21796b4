import type { BarSeriesOption, LineSeriesOption } from "echarts";

import type { Series, SeriesFigure, Tone } from "../../../lakes/report";
import {
  drawChart,
  type Drawing,
  INK,
  labelWidth,
  type PlotArea,
  type Size,
  SIZES,
} from "../drawing";
import { formatShort, formatValue, monthLabel } from "../format";
import { type Html, html } from "../html";
import { numberOf, type Row, textOf } from "../rows";
import { dataTable } from "./data-table";
import { fillPeriods } from "./periods";

const TONES: readonly Tone[] = ["main", "second", "third", "quiet"];

/** Lines and bars over time or categories, with a legend and the numbers in a table. */
export function renderSeries(figure: SeriesFigure, rows: readonly Row[]): Html {
  const filled = fillPeriods(rows, figure.x.column, figure.x.format);
  const label = describe(figure, rows);
  const columns = [
    figure.x,
    ...figure.series,
    ...figure.series.flatMap(({ label }) => (label ? [{ ...label, title: "Growth" }] : [])),
    ...(figure.details ?? []),
  ];
  const provisional = figure.provisional;
  return html`${legend(figure)}${drawChart(
    SIZES[figure.width ?? "full"],
    filled.length,
    label,
    (size) => draw(figure, filled, size),
  )}${dataTable(columns, filled, {
    remark: (row) => (provisional ? textOf(row, provisional) : ""),
  })}`;
}

const toneOf = (series: Series, index: number) =>
  series.tone ?? TONES[Math.min(index, TONES.length - 1)]!;

function legend({ series }: SeriesFigure): Html | null {
  if (series.length < 2) return null;
  return html`<ul class="legend">
    ${series.map(
      (each, index) =>
        html`<li><span class="key ${each.mark} ${toneOf(each, index)}"></span>${each.title}</li>`,
    )}
  </ul>`;
}

function describe(figure: SeriesFigure, rows: readonly Row[]): string {
  const at = (row: Row | undefined) =>
    row ? formatValue(row[figure.x.column], figure.x.format) : "";
  const first = figure.series[0]!;
  const last = rows.at(-1);
  return (
    `Chart: ${figure.series.map(({ title }) => title).join(", ")}, ${at(rows[0])} to ${at(last)}. ` +
    `${first.title} at the end: ${last ? formatValue(last[first.column], first.format) : ""}. ` +
    "All values are in the table below."
  );
}

function draw(figure: SeriesFigure, rows: readonly Row[], size: Size): Drawing {
  const format = figure.series[0]!.format;
  const marks = figure.series.map((series, index) => ({ series, tone: toneOf(series, index) }));
  const extent = Math.max(
    ...marks.flatMap(({ series }) =>
      rows.map((row) => Math.abs(numberOf(row, series.column) ?? 0)),
    ),
  );
  const ticks = [extent, extent / 4, extent * 0.75].map((value) => formatShort(-value, format));
  const labelled = figure.series.some(({ label }) => label);
  const area: PlotArea = {
    left: Math.ceil(Math.max(...ticks.map(labelWidth))) + 10,
    right: 10,
    top: labelled ? 24 : 12,
    bottom: 26,
  };
  const slot = (size.width - area.left - area.right) / rows.length;
  return {
    area,
    option: {
      grid: { ...area, outerBoundsMode: "none" },
      xAxis: {
        type: "category",
        data: rows.map((row) => textOf(row, figure.x.column)),
        axisTick: { show: false },
        axisLine: { lineStyle: { color: INK.line } },
        axisLabel: {
          color: INK.muted,
          hideOverlap: false,
          interval: labelled_(rows, figure, slot),
          formatter: (value: string) => xLabel(value, figure, rows),
        },
      },
      yAxis: {
        type: "value",
        splitNumber: 4,
        minInterval: format === "count" ? 1 : 0,
        axisLabel: { color: INK.muted, formatter: (value: number) => formatShort(value, format) },
        splitLine: { lineStyle: { color: INK.line } },
      },
      series: marks.map(({ series, tone }) =>
        series.mark === "line"
          ? line(series, tone, rows)
          : bars(series, tone, rows, figure.provisional, slot),
      ),
    },
  };
}

function line(series: Series, tone: Tone, rows: readonly Row[]): LineSeriesOption {
  return {
    type: "line",
    data: rows.map((row) => numberOf(row, series.column)),
    symbol: "circle",
    // a single point would be no line at all
    showSymbol: rows.length < 2,
    symbolSize: 6,
    itemStyle: { color: INK.tones[tone] },
    lineStyle: { color: INK.tones[tone], width: tone === "quiet" ? 1 : 2, join: "round" },
    z: tone === "quiet" ? 2 : 3,
  };
}

function bars(
  series: Series,
  tone: Tone,
  rows: readonly Row[],
  provisional: string | undefined,
  slot: number,
): BarSeriesOption {
  const { label } = series;
  return {
    type: "bar",
    stack: series.stack,
    barCategoryGap: "28%",
    barMaxWidth: 56,
    itemStyle: { color: INK.tones[tone] },
    label: {
      show: label !== undefined && slot >= 38,
      position: "top",
      color: INK.muted,
      fontSize: 11,
      formatter: ({ dataIndex }) => barLabel(rows[dataIndex]!, series, provisional),
    },
    data: rows.map((row) => ({
      value: numberOf(row, series.column) ?? 0,
      itemStyle: provisional && row[provisional] ? { opacity: 0.45 } : {},
      label: { opacity: 1 },
    })),
  };
}

function barLabel(row: Row, { label }: Series, provisional: string | undefined): string {
  if (provisional && row[provisional]) return textOf(row, provisional);
  const value = label ? row[label.column] : null;
  return value === null || value === undefined ? "" : formatValue(value, label!.format);
}

/** Which categories are named below the axis: as many as have room, days by their months. */
function labelled_(rows: readonly Row[], { x }: SeriesFigure, slot: number) {
  if (x.format === "day") {
    const months = new Set(rows.map((row) => textOf(row, x.column).slice(0, 7))).size;
    const step = Math.ceil((44 * months) / (slot * rows.length));
    let seen = -1;
    const named = rows.map((row) => {
      const first = textOf(row, x.column).slice(8, 10) === "01";
      if (first) seen += 1;
      return first && seen % step === 0;
    });
    // less than a month of days has no first: name some days instead
    if (!named.includes(true)) return Math.max(0, Math.ceil(48 / slot) - 1);
    return (index: number) => named[index] ?? false;
  }
  const step = Math.ceil((x.format === "month" ? 42 : 60) / slot);
  return (index: number) => (rows.length - 1 - index) % step === 0;
}

function xLabel(value: string, { x }: SeriesFigure, rows: readonly Row[]): string {
  if (x.format === "text") return value;
  const years = new Set(rows.map((row) => textOf(row, x.column).slice(0, 4)));
  if (x.format === "day" && value.slice(8, 10) !== "01")
    return formatValue(value, "day").slice(0, 6);
  return monthLabel(value, years.size > 1 && value.slice(5, 7) === "01");
}
