import type { Metric } from "./metrics";

/**
 * Parts of a CloudWatch dashboard's body. Source: Amazon CloudWatch API reference, "Dashboard body
 * structure and syntax".
 */
export interface Widget {
  readonly type: "metric";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A line of a figure: a metric, or an expression over others. */
export type Line = readonly unknown[];

/** What a figure shows. */
export interface WidgetSettings {
  readonly title: string;
  readonly lines: readonly Line[];
  /** Five minutes if absent. */
  readonly periodSeconds?: number;
  /** A level drawn across the figure. */
  readonly level?: { readonly value: number; readonly label: string };
  /** Least and greatest value of the axis; as the values ask for where undefined. */
  readonly range?: readonly [number | undefined, number | undefined];
}

export function figure(
  position: Pick<Widget, "x" | "y" | "width" | "height">,
  region: string,
  { title, lines, periodSeconds = 300, level, range = [0, undefined] }: WidgetSettings,
): Widget {
  const [min, max] = range;
  return {
    type: "metric",
    ...position,
    properties: {
      title,
      region,
      view: "timeSeries",
      period: periodSeconds,
      metrics: lines,
      yAxis: { left: { min, max, showUnits: false } },
      ...(level ? { annotations: { horizontal: [level] } } : {}),
    },
  };
}

export function lineOf(
  { namespace, name, dimensions, statistic }: Metric,
  options: { readonly id?: string; readonly label?: string; readonly visible?: boolean },
): Line {
  const pairs = Object.entries(dimensions).flat();
  return [namespace, name, ...pairs, { stat: statistic, ...options }];
}

export function mathLine(expression: string, label: string): Line {
  return [{ expression, label }];
}

/**
 * The metrics that have exactly these dimensions and these values of them: a line each, or with
 * `total` one of that name, which adds them up.
 */
export function searchLine(
  namespace: string,
  dimensions: readonly string[],
  search: {
    readonly metric: string;
    readonly where: Readonly<Record<string, string>>;
    readonly statistic: Metric["statistic"];
    readonly periodSeconds: number;
    readonly total?: string;
  },
): Line {
  const { metric, where, statistic, periodSeconds, total } = search;
  const terms = Object.entries({ MetricName: metric, ...where }).map(
    ([key, value]) => `${key}="${value}"`,
  );
  const schema = `{${[namespace, ...dimensions].join(",")}}`;
  const found = `SEARCH('${schema} ${terms.join(" ")}', '${statistic}', ${periodSeconds})`;
  return [
    total === undefined ? { expression: found } : { expression: `SUM(${found})`, label: total },
  ];
}
