import { EventEmitter, once } from "node:events";

import type { LakeCommand } from "../command";
import { byArgument, lakeArgument, lakeOption, wholeNumber } from "../options";

interface LatencyFlags {
  readonly lake: string;
  readonly changes: number;
  readonly rate: number;
  readonly pause: number;
  readonly warmUp: number;
}

export const latency: LakeCommand = {
  group: "Development:",
  register: (program) =>
    program
      .command("latency")
      .description(
        "measure how long a change takes from PostgreSQL to silver, lake kept up meanwhile",
      )
      .option("--changes <n>", "changes to follow", wholeNumber(1, 10_000), 40)
      .option(
        "--rate <n>",
        "row changes per second that others make; 0: none",
        wholeNumber(0, 10_000),
        10,
      )
      .option(
        "--pause <ms>",
        "between one change seen and the next made",
        wholeNumber(0, 600_000),
        1500,
      )
      .option(
        "--warm-up <s>",
        "changes made in so many seconds from the start are counted apart: Spark compiles what it runs",
        wholeNumber(0, 3600),
        90,
      )
      .addArgument(lakeArgument())
      .addOption(lakeOption())
      .action(byArgument(measure)),
};

async function measure(flags: LatencyFlags): Promise<void> {
  const { loadSampleSource } = await import("../../lakes/sample-source");
  const { watchLake } = await import("../../local/pipeline/watch-lake");
  const { openLake } = await import("../../local/pipeline/open");
  const { openEmbeddedSource } = await import("../../local/source/open");
  const { runWorkload } = await import("../../local/source/workload");
  const { latencies, measureLatency } = await import("../latency");
  const { noteEmbeddedSource } = await import("../embedded-source");
  const { openTrino } = await import("../open-trino");
  const { interruption } = await import("../interrupt");
  const { printTable } = await import("../output");
  const sample = loadSampleSource(flags.lake);
  noteEmbeddedSource("latency is measured");
  await using opened = await openEmbeddedSource(flags.lake);
  await using open = await openLake(flags.lake, "write");
  await using trino = await openTrino(open.lake);
  const ended = new AbortController();
  const signal = AbortSignal.any([interruption(), ended.signal]);
  let begin = () => {};
  const caughtUp = new Promise<void>((resolve) => (begin = resolve));
  const applied = new EventEmitter();
  const background = [
    watchLake(open, opened.source, {
      signal,
      onCaughtUp: () => begin(),
      onSilver: ({ table, status }) => status === "applied" && applied.emit(table),
    }),
  ];
  try {
    await Promise.race([caughtUp, ...background]);
    if (flags.rate > 0) {
      background.push(
        runWorkload({
          connection: opened.source,
          sample,
          rate: flags.rate,
          seconds: 1e9,
          seed: 1,
          signal,
        }).then(),
      );
    }
    const probes = await Promise.race([
      measureLatency({
        source: opened.source,
        trino,
        tables: open.lake.manifest.tables,
        changes: flags.changes,
        pauseMs: flags.pause,
        signal,
        nextChange: (table, inTime) =>
          once(applied, table, { signal: inTime }).then(() => undefined),
        onProbe: ({ table, seconds }) => console.log(`${table}: ${seconds.toFixed(1)} s`),
      }),
      Promise.all(background).then(() => []),
    ]);
    signal.throwIfAborted();
    const spans = {
      [`the first ${flags.warmUp} s`]: probes.filter(({ after }) => after < flags.warmUp),
      "after that": probes.filter(({ after }) => after >= flags.warmUp),
    };
    const right = (title: string) => ({ title, align: "right" as const });
    printTable(
      ["made in", right("changes"), right("median, s"), right("95 %, s"), right("slowest, s")],
      Object.entries(spans)
        .filter(([, { length }]) => length > 0)
        .map(([span, some]) => {
          const { changes, median, p95, slowest } = latencies(some);
          return [span, changes, ...[median, p95, slowest].map((each) => each.toFixed(1))];
        }),
    );
  } finally {
    ended.abort();
    await Promise.allSettled(background);
  }
}
