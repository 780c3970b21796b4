import type { WaterfallFigure } from "../../../lakes/report";
import { drawChart, INK, labelWidth, type PlotArea, type Size, SIZES } from "../drawing";
import { formatShort, formatValue } from "../format";
import { type Html, html } from "../html";
import { numberOf, type Row } from "../rows";
import { dataTable } from "./data-table";

interface Step {
  readonly title: string;
  /** Where the bar begins and ends on the value axis. */
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly tone: "main" | "up" | "down";
}

/** From the opening total step by step to the closing one; says so if the steps do not lead there. */
export function renderWaterfall(figure: WaterfallFigure, rows: readonly Row[]): Html {
  const row = rows[0]!;
  const steps = stepsOf(figure, row);
  const measures = [figure.opening, ...figure.steps, figure.closing];
  const label =
    `Chart: ${figure.title}. ` +
    measures
      .map((each) => `${each.title} ${formatValue(row[each.column], each.format)}`)
      .join(", ");
  const numbers = measures.map((each, index) => ({
    step: each.title,
    value:
      index > 0 && steps[index]!.tone === "down" ? negative(row[each.column]) : row[each.column],
  }));
  return html`${drawChart(SIZES[figure.width ?? "full"], steps.length, label, (size) =>
    draw(figure, steps, size),
  )}${imbalance(figure, row)}${dataTable(
    [
      { column: "step", title: "Step", format: "text" },
      { column: "value", title: "Amount", format: figure.opening.format },
    ],
    numbers,
  )}`;
}

const negative = (value: unknown) =>
  value === null || Number(value) === 0 ? value : `-${String(value)}`;

function stepsOf(figure: WaterfallFigure, row: Row): Step[] {
  const { format } = figure.opening;
  const opening = numberOf(row, figure.opening.column) ?? 0;
  const closing = numberOf(row, figure.closing.column) ?? 0;
  const total = (title: string, to: number): Step => ({
    title,
    from: 0,
    to,
    text: formatShort(to, format),
    tone: "main",
  });
  const steps = [total(figure.opening.title, opening)];
  let level = opening;
  for (const { column, title, direction } of figure.steps) {
    const value = numberOf(row, column) ?? 0;
    const to = direction === "up" ? level + value : level - value;
    const sign = value === 0 ? "" : direction === "up" ? "+" : "−";
    steps.push({
      title,
      from: level,
      to,
      text: sign + formatShort(value, format),
      tone: direction,
    });
    level = to;
  }
  return [...steps, total(figure.closing.title, closing)];
}

/** What the steps leave unexplained, to the cent; the chart must not hide it. */
function imbalance(figure: WaterfallFigure, row: Row): Html | null {
  const cents = (column: string) => Math.round((numberOf(row, column) ?? 0) * 100);
  const explained = figure.steps.reduce(
    (sum, { column, direction }) => sum + (direction === "up" ? cents(column) : -cents(column)),
    cents(figure.opening.column),
  );
  const difference = cents(figure.closing.column) - explained;
  if (difference === 0) return null;
  return html`<p class="warning">
    The steps do not lead to the closing total: ${formatValue(difference / 100, "money")} is not
    explained.
  </p>`;
}

function draw(figure: WaterfallFigure, steps: readonly Step[], size: Size) {
  const { format } = figure.opening;
  const most = Math.max(...steps.flatMap(({ from, to }) => [from, to]));
  const area: PlotArea = {
    left: Math.ceil(labelWidth(formatShort(most * 0.75, format))) + 12,
    right: 8,
    top: 22,
    bottom: 40,
  };
  const slot = (size.width - area.left - area.right) / steps.length;
  const low = Math.min(0, ...steps.map(({ from, to }) => Math.min(from, to)));
  return {
    area,
    option: {
      grid: { ...area, outerBoundsMode: "none" as const },
      xAxis: {
        type: "category" as const,
        data: steps.map(({ title }) => title),
        axisTick: { show: false },
        axisLine: { lineStyle: { color: INK.line } },
        axisLabel: {
          interval: 0,
          color: INK.muted,
          fontSize: slot < 56 ? 10 : 12,
          width: slot,
          overflow: "break" as const,
          lineHeight: 13,
        },
      },
      yAxis: {
        type: "value" as const,
        splitNumber: 4,
        min: low,
        axisLabel: { color: INK.muted, formatter: (value: number) => formatShort(value, format) },
        splitLine: { lineStyle: { color: INK.line } },
      },
      series: [
        {
          type: "bar" as const,
          stack: "steps",
          silent: true,
          itemStyle: { color: "none" },
          data: steps.map(({ from, to }) => Math.min(from, to)),
        },
        {
          type: "bar" as const,
          stack: "steps",
          barCategoryGap: "24%",
          barMaxWidth: 64,
          data: steps.map(({ from, to, tone }) => ({
            value: Math.abs(to - from),
            itemStyle: { color: INK.tones[tone] },
          })),
          label: {
            show: true,
            position: "top" as const,
            color: INK.text,
            fontSize: slot < 56 ? 10 : 12,
            formatter: ({ dataIndex }: { dataIndex: number }) => steps[dataIndex]!.text,
          },
        },
      ],
    },
  };
}
