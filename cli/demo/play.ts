import pc from "picocolors";

import type { SampleScale } from "../../lakes/sample-source";
import { keepService } from "../../local/services";
import { noteEmbeddedSource } from "../embedded-source";
import { formatSeconds, printTable, runSteps, type Step } from "../output";
import {
  dropFiles,
  fillSource,
  judgeQuality,
  loadBronze,
  loadGold,
  loadSilver,
  proveEqual,
  writePage,
} from "./chapters";
import { isolation, layers, liveChange, partitionPruning, timeTravel } from "./scenarios";
import { Stage } from "./stage";

export interface DemoOptions {
  readonly lake: string;
  readonly scale: SampleScale;
  readonly keep?: boolean;
  readonly signal: AbortSignal;
}

interface Chapter {
  readonly title: string;
  run(stage: Stage, report: (message: string) => void): Promise<string | void>;
}

/**
 * Plays a lake's demo: from an empty checkout to a report page, or on from what is there already.
 * It prints where the time went and what each scenario found.
 */
export async function playDemo({ lake, scale, keep, signal }: DemoOptions): Promise<void> {
  noteEmbeddedSource("the demo plays");
  await using stage = new Stage(lake, signal);
  const chapters: readonly Chapter[] = [
    { title: "Start PostgreSQL", run: (on, report) => on.openSource(progressOf(report)) },
    { title: "Fill the source", run: (on, report) => fillSource(on, scale, report) },
    { title: "Start Spark and Trino", run: startEngines },
    { title: "Full load into bronze", run: loadBronze },
    ...(stage.story.drops ? [{ title: "CSV files, with flaws", run: dropFiles }] : []),
    { title: "Silver: clean, typed, one row per key", run: loadSilver },
    { title: "Quality rules", run: judgeQuality },
    { title: "Gold: metrics and dimensions", run: loadGold },
    { title: "Scenario 1, a live change", run: liveChange },
    { title: "Scenario 2, partition pruning", run: partitionPruning },
    { title: "Scenario 3, tenant isolation", run: isolation },
    { title: "Scenario 4, time travel", run: timeTravel },
    { title: "Scenario 5, the same question of each layer", run: layers },
    { title: "Compare silver with the source", run: proveEqual },
    { title: "Report page", run: writePage },
  ];
  const times: [title: string, seconds: number][] = [];
  await runSteps(chapters.map((chapter) => timed(chapter, stage, times)));
  printSummary(times);
  if (keep) for (const name of ["postgres", "trino"] as const) await keepService(name);
  printNext(stage, keep === true);
}

function timed(chapter: Chapter, stage: Stage, times: [string, number][]): Step {
  return {
    title: chapter.title,
    run: async (report) => {
      const started = Date.now();
      const result = await chapter.run(stage, report);
      stage.signal.throwIfAborted();
      times.push([chapter.title, (Date.now() - started) / 1000]);
      return result;
    },
  };
}

async function startEngines(stage: Stage, report: (message: string) => void): Promise<void> {
  await stage.openLake(progressOf(report));
  await stage.openTrino(progressOf(report));
}

function progressOf(report: (message: string) => void) {
  return (part: string, message: string) => report(`${part}: ${message}`);
}

function printSummary(times: readonly (readonly [string, number])[]): void {
  const total = times.reduce((sum, [, seconds]) => sum + seconds, 0);
  console.log(`\n${pc.bold("Where the time went")}`);
  printTable(
    ["chapter", { title: "time", align: "right" }, { title: "share", align: "right" }],
    [...times, ["Together", total] as const].map(([title, seconds]) => [
      title,
      formatSeconds(seconds),
      `${Math.round((seconds / total) * 100)}%`,
    ]),
  );
}

function printNext({ open, story }: Stage, kept: boolean): void {
  const { name, tenancy } = open.lake.definition;
  const lines = [
    tenancy
      ? [`query ${story.query} --lake ${name} --as tenant_1`, "what an analyst of tenant 1 sees"]
      : [`query ${story.query} --lake ${name}`, "the lake's business"],
    [`query --list --lake ${name}`, "the query library"],
    [`watch --lake ${name}`, "keep the lake up; ./lake workload changes the source"],
    [`status --lake ${name}`, "where everything stands"],
    kept ? ["down", "stop the servers"] : ["up", "keep the servers running between commands"],
  ];
  console.log(`\n${pc.bold("Go on")}`);
  for (const [command, what] of lines) console.log(`  ${`./lake ${command}`.padEnd(60)}${what}`);
}
