import * as echarts from "echarts";

import { type Html, html, trusted } from "./html";

/**
 * Each chart is drawn on the spot for several widths; the style sheet shows the one that fits its
 * container. So text keeps its size on a phone and on paper, and no script is needed.
 */
export const SIZES = {
  half: [
    { name: "s", width: 340, height: 220 },
    { name: "m", width: 520, height: 250 },
  ],
  full: [
    { name: "s", width: 340, height: 230 },
    { name: "m", width: 640, height: 270 },
    { name: "l", width: 1040, height: 300 },
  ],
} as const;

export type Size = (typeof SIZES)["full"][number] | (typeof SIZES)["half"][number];

/** Where the plot lies in a drawing, in the drawing's own pixels. */
export interface PlotArea {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** What a chart is made of, for one width. */
export interface Drawing {
  readonly option: echarts.EChartsOption;
  readonly area: PlotArea;
}

/** Colours are the page's own custom properties, so that a chart follows light and dark. */
export const INK = {
  text: "var(--ink)",
  muted: "var(--muted)",
  line: "var(--line)",
  tones: {
    main: "var(--c1)",
    second: "var(--c2)",
    third: "var(--c3)",
    up: "var(--up)",
    down: "var(--down)",
    quiet: "var(--quiet)",
  },
} as const;

/** Pixels that a short label takes at 12 px. */
export const labelWidth = (text: string) => text.length * 6.6;

/**
 * The chart as SVG in every width.
 * @param count categories along the x axis, for the tooltip
 * @param label what is to be seen, for those who do not see it
 */
export function drawChart(
  sizes: readonly Size[],
  count: number,
  label: string,
  draw: (size: Size) => Drawing,
): Html {
  return html`<div class="chart" data-count="${count}">
    ${sizes.map((size) => {
      const { option, area } = draw(size);
      const width = size.width - area.left - area.right;
      return html`<div
        class="drawing size-${size.name}"
        data-left="${area.left / size.width}"
        data-width="${width / size.width}"
        role="img"
        aria-label="${label}"
      >
        ${renderSvg(option, size)}
      </div>`;
    })}
  </div>`;
}

function renderSvg(option: echarts.EChartsOption, { width, height }: Size): Html {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    chart.setOption({
      ...option,
      animation: false,
      textStyle: { fontFamily: "inherit" },
    });
    return trusted(
      chart
        .renderToSVGString()
        // the library's hover styles and marks for its own client script
        .replace(/<style ?>[\s\S]*?<\/style>/g, "")
        .replace(/ (?:class="zr[^"]*"|ecmeta_\w+="[^"]*"|pointer-events="visible")/g, "")
        .replace(/^<svg width="\d+" height="\d+"/, '<svg aria-hidden="true" focusable="false"')
        .replace(/\n+/g, "\n"),
    );
  } finally {
    chart.dispose();
  }
}
