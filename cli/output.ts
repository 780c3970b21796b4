import Table from "cli-table3";
import pc from "picocolors";

import { thinned } from "../local/toolchain/progress";

export interface Column {
  readonly title: string;
  /** @default "left" */
  readonly align?: "left" | "right";
}

/** A cell: numbers get thousands separators, null and undefined show as a dash. */
export type Cell = string | number | bigint | boolean | null | undefined;

/** Prints rows as a table with a header line. */
export function printTable(columns: readonly (Column | string)[], rows: readonly Cell[][]): void {
  process.stdout.write(`${formatTable(columns, rows)}\n`);
}

/** Rows as a table with a header line, without frame, columns two blanks apart. */
export function formatTable(
  columns: readonly (Column | string)[],
  rows: readonly Cell[][],
): string {
  const heads = columns.map((column) => (typeof column === "string" ? { title: column } : column));
  const frame = [
    ...["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left"],
    ...["bottom-right", "left", "left-mid", "mid", "mid-mid", "right", "right-mid"],
  ];
  const table = new Table({
    head: heads.map(({ title }) => pc.bold(title)),
    colAligns: heads.map(({ align = "left" }) => align),
    chars: { ...Object.fromEntries(frame.map((part) => [part, ""])), middle: "  " },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  table.push(...rows.map((row) => row.map(formatCell)));
  return table.toString().replace(/ +$/gm, "");
}

function formatCell(cell: Cell): string {
  if (cell === null || cell === undefined) return "-";
  if (typeof cell === "number" || typeof cell === "bigint") return cell.toLocaleString("en-US");
  return String(cell);
}

/** Prints a value as JSON for other programs; big integers as strings. */
export function printJson(value: unknown): void {
  const json = JSON.stringify(
    value,
    (_, each: unknown) => (typeof each === "bigint" ? each.toString() : each),
    2,
  );
  process.stdout.write(`${json}\n`);
}

/** Seconds for people: `0.8 s`, `42 s`, `3 min 5 s`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** One line of a progress display. */
export interface Step {
  readonly title: string;
  /**
   * Does the step. What it reports shows below the title while it runs; a text that it returns
   * stays behind the title.
   */
  run(report: (message: string) => void): Promise<string | void>;
}

/**
 * Runs steps one after the other with a progress display: a live one on a terminal, plain lines
 * elsewhere. The first error ends it and is thrown; printing it is left to the caller.
 */
export async function runSteps(steps: readonly Step[]): Promise<void> {
  if (!process.stdout.isTTY) return runStepsPlainly(steps);
  const { Listr } = await import("listr2");
  const list = new Listr(
    steps.map((step) => ({
      title: step.title,
      task: async (_, task) => {
        task.title = await closingLine(step, (message) => (task.output = message));
      },
    })),
    {
      registerSignalListeners: false,
      rendererOptions: { showErrorMessage: false, collapseErrors: false },
    },
  );
  await list.run();
}

async function runStepsPlainly(steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    console.log(`${step.title} …`);
    const line = await closingLine(
      step,
      thinned((message) => console.log(`  ${message}`)),
    );
    console.log(`${pc.green("✔")} ${line}`);
  }
}

/** Runs a step and says how it went: title, result and seconds. */
async function closingLine({ title, run }: Step, report: (message: string) => void) {
  const started = Date.now();
  const result = await run(report);
  const took = formatSeconds((Date.now() - started) / 1000);
  return `${title}${result ? `: ${result}` : ""} ${pc.dim(`(${took})`)}`;
}
