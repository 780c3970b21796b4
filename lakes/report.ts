import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * The vocabulary of a lake's report page: what `lakes/<name>/report.ts` declares. SQL is Trino's,
 * over silver.<table>, gold.<model> and ops.<table>; `:today` stands for the page's day and `:now` for
 * its time (UTC).
 */
export interface ReportDefinition {
  readonly title: string;
  /** One or two sentences below the title. */
  readonly lead: string;
  /** The few numbers at the top. */
  readonly tiles: readonly Tile[];
  readonly sections: readonly ReportSection[];
}

/**
 * How a value is written: `money` with two decimals; `percent` and `change` (with its sign) from a
 * ratio, 0.125 as 12.5%; `share` too, rounded down to two decimals, so that only a whole is 100%;
 * `seconds` as a duration, `time` as a UTC timestamp.
 */
export type Format =
  | "text"
  | "count"
  | "decimal"
  | "money"
  | "percent"
  | "share"
  | "change"
  | "seconds"
  | "day"
  | "month"
  | "time";

/** A column of the result, with what to call it and how to write it. */
export interface Measure {
  readonly column: string;
  readonly title: string;
  readonly format: Format;
  /** Column that holds the unit of the value, such as its currency. @default none */
  readonly unit?: string;
}

/** A number at the top; with several rows, one line each. */
export interface Tile {
  readonly title: string;
  readonly sql: string;
  readonly value: Measure;
  /** Ratio against the period before. @default none */
  readonly change?: string;
  /** Column with a remark, such as the period meant; the first row's is shown. @default none */
  readonly note?: string;
  /** Shown where the query gives no row. */
  readonly empty: string;
}

export interface ReportSection {
  /** Anchor in the page: lower-case letters and dashes. */
  readonly id: string;
  readonly title: string;
  readonly sentence: string;
  /**
   * Column by whose values the faceted figures are shown, one at a time on a screen and all of
   * them on paper, in the order in which the first faceted figure's rows name them.
   */
  readonly facet?: { readonly column: string; readonly title: string };
  readonly figures: readonly Figure[];
}

interface FigureBase {
  readonly title: string;
  /** How to read it, where that is not plain. */
  readonly sentence?: string;
  readonly sql: string;
  /** Shown where the query gives no row. */
  readonly empty: string;
  /** @default "full" */
  readonly width?: "half" | "full";
  /** Whether it is split by the section's facet. @default false */
  readonly faceted?: boolean;
}

/** A colour by meaning: `up` and `down` for gains and losses, `quiet` for what lies behind. */
export type Tone = "main" | "second" | "third" | "up" | "down" | "quiet";

/** One line or one set of bars. */
export interface Series extends Measure {
  readonly mark: "line" | "bar";
  readonly tone?: Tone;
  /** Bars of one stack lie on each other. @default none */
  readonly stack?: string;
  /** Column written above each bar, where there is room. @default none */
  readonly label?: Pick<Measure, "column" | "format">;
}

/** Values over time or over a few categories. */
export interface SeriesFigure extends FigureBase {
  readonly kind: "series";
  readonly x: { readonly column: string; readonly title: string; readonly format: Format };
  readonly series: readonly Series[];
  /** Further columns of the table below the chart. */
  readonly details?: readonly Measure[];
  /** Column with a remark on periods that do not compare, "so far" for one; they are drawn lighter. */
  readonly provisional?: string;
}

/** From an opening total by gains and losses to a closing one; the query gives one row (per facet). */
export interface WaterfallFigure extends FigureBase {
  readonly kind: "waterfall";
  readonly opening: Measure;
  /** What was added, and with `down` what was taken away; values are not negative. */
  readonly steps: readonly (Measure & { readonly direction: "up" | "down" })[];
  readonly closing: Measure;
}

/** Stages that each keep some of the stage before; the query gives one row (per facet). */
export interface FunnelFigure extends FigureBase {
  readonly kind: "funnel";
  /** What is counted: "Sessions". */
  readonly counted: string;
  readonly stages: readonly Measure[];
}

/** A matrix of shares (0 to 1); a row of the query is a cell, one without a value stays blank. */
export interface HeatMapFigure extends FigureBase {
  readonly kind: "heatmap";
  readonly row: Measure;
  /** Column that is the same in all cells of a row, such as the cohort's size. */
  readonly size: Measure;
  readonly column: Measure;
  readonly value: Measure;
}

/** Rows as they are, with bars behind the numbers that are to be compared. */
export interface TableFigure extends FigureBase {
  readonly kind: "table";
  readonly columns: readonly TableColumn[];
  /** Rows that are shown at once; the others are folded away. @default all */
  readonly shown?: number;
}

export interface TableColumn extends Measure {
  /** Whether a bar behind the number shows its size. @default false */
  readonly bar?: boolean;
  /** The values that are well; any other is marked. @default all are */
  readonly expected?: readonly string[];
}

export type Figure = SeriesFigure | WaterfallFigure | FunnelFigure | HeatMapFigure | TableFigure;

/**
 * What the page of a lake shows of its business, from `lakes/<name>/report.ts`; null for a lake
 * without one, whose page shows its operation alone.
 */
export function loadReport(name: string): ReportDefinition | null {
  const file = join(__dirname, name, "report.ts");
  if (!existsSync(file)) return null;
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- lakes are found by name
  return (require(file) as { default: ReportDefinition }).default;
}
