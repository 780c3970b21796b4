import { createHash } from "node:crypto";

import type { Manifest } from "../manifest";
import { call, jsonata, literal, NOTIFY, type States } from "./asl";
import {
  askTables,
  BROKEN_TABLES,
  type ReplicationRef,
  tableName,
  tableNames,
} from "./table-statistics";

/**
 * The part of the state machine that waits until DMS has loaded every table of an epoch, and then
 * writes the markers by which silver takes an epoch up.
 */
export interface Load {
  /** What loads the tables. */
  readonly replication: ReplicationRef;
  /** Name of the bronze bucket. */
  readonly bucket: string;
  /** Folder in it that DMS writes to: `e0001`, `raw/database/e0001`. */
  readonly epoch: string;
  /** Seconds after which the changes made during a load are in bronze: twice the batch interval. */
  readonly settleSeconds: number;
}

/** What the load's states lead to. */
export interface LoadSurroundings {
  /** ARN of the topic that is told of tables which DMS could not load. */
  readonly topic: string;
  /** Names of states. */
  readonly whileLoading: string;
  readonly next: string;
}

const POLL_SECONDS = 60;
/** A day; the history of an execution ends at 25,000 events, which are some three days of this. */
const MOST_POLLS = 1440;

const COULD_NOT_LOAD = `'DMS could not load ' & ${BROKEN_TABLES}`;

/** The first of the load's states. */
export const LOAD_START = "Find finished load";

/**
 * The states of the load, from `LOAD_START` to `next`. While tables load, `whileLoading` runs once,
 * so that tables exist and can be queried; it must lead to `Wait for load`. Tables that DMS has given
 * up are told of, and the others go on; the load is asked for again next time.
 * @throws UserError for more tables than DMS tells of at once
 */
export function loadStates(
  manifest: Manifest,
  load: Load,
  { topic, whileLoading, next }: LoadSurroundings,
): States {
  const tables = manifest.tables.map((table) => ({
    name: tableName(table),
    folder: `${load.epoch}/${table.source_schema}/${table.source_table}`,
  }));
  const finished = finishedKey(load.epoch, tables);
  return {
    [LOAD_START]: call(
      "aws-sdk:s3:listObjectsV2",
      { Bucket: load.bucket, Prefix: finished, MaxKeys: 1 },
      { Output: { found: jsonata("$states.result.KeyCount") }, Next: "Load finished?" },
    ),
    "Load finished?": {
      Type: "Choice",
      Choices: [{ Condition: jsonata("$states.input.found > 0"), Next: next }],
      Default: "Ask DMS for its tables",
    },
    ...statisticsStates(manifest, load, whileLoading),
    ...markerStates(load, tables, finished, next),
    "Tell of broken tables": call(
      "sns:publish",
      {
        TopicArn: topic,
        Subject: `Lake ${manifest.lake}: tables are not loaded`,
        Message: jsonata(`${COULD_NOT_LOAD} & '; the other tables go on'`),
      },
      { Output: {}, Next: next },
    ),
  };
}

interface LoadedTable {
  /** As DMS names it: `public.core_order`. */
  readonly name: string;
  /** In bronze. */
  readonly folder: string;
}

/** Asks DMS how far it is, until it has loaded every table. */
function statisticsStates(
  manifest: Manifest,
  { replication, settleSeconds }: Load,
  whileLoading: string,
): States {
  const names = literal(tableNames(manifest));
  return {
    "Ask DMS for its tables": askTables(manifest, replication, "All loaded?"),
    "All loaded?": {
      Type: "Choice",
      Choices: [
        {
          Condition: jsonata(`$count($broken) = ${manifest.tables.length}`),
          Assign: { failure: { Error: "LoadFailed", Cause: jsonata(COULD_NOT_LOAD) } },
          Next: NOTIFY,
        },
        {
          Condition: jsonata(`$count(${names}[$not($ in $loaded) and $not($ in $broken)]) = 0`),
          Next: "Wait for changes made meanwhile",
        },
        { Condition: jsonata("$polls = 0"), Next: whileLoading },
      ],
      Default: "Wait for load",
    },
    "Wait for load": {
      Type: "Wait",
      Seconds: POLL_SECONDS,
      Assign: { polls: jsonata("$polls + 1") },
      Next: "Go on waiting?",
    },
    "Go on waiting?": {
      Type: "Choice",
      // Nothing to wait for where replication was never started: each poll is billed.
      Choices: [
        {
          Condition: jsonata(`$started and $polls < ${MOST_POLLS}`),
          Next: "Ask DMS for its tables",
        },
      ],
      Default: "Left to the next run",
    },
    "Left to the next run": { Type: "Succeed" },
    "Wait for changes made meanwhile": {
      Type: "Wait",
      Seconds: settleSeconds,
      Next: "Find load files",
    },
  };
}

/**
 * Writes the markers of the tables that are loaded, where their files are in this epoch. They are
 * not there yet when DMS still tells of the load before: then it is waited for.
 */
function markerStates(
  { bucket }: Load,
  tables: readonly LoadedTable[],
  finished: string,
  next: string,
): States {
  const rows = "$lookup($rows, $states.input.name)";
  const forEach = (state: string, definition: object, more: object) => ({
    Type: "Map",
    // Of one table, $filter alone would give no list.
    Items: jsonata(`$append([], $filter(${literal(tables)}, function($t) {$t.name in $loaded}))`),
    MaxConcurrency: 10,
    ItemProcessor: {
      ProcessorConfig: { Mode: "INLINE" },
      StartAt: state,
      States: { [state]: definition },
    },
    ...more,
  });
  // What fails inside of a map fails the map, whose Catch is the one that counts.
  const inside = (resource: string, args: object, more: object) => {
    const { Catch: caught, ...state } = call(resource, args, { ...more, End: true });
    return { state, caught };
  };
  const files = inside(
    "aws-sdk:s3:listObjectsV2",
    { Bucket: bucket, Prefix: jsonata("$states.input.folder & '/LOAD'"), MaxKeys: 1 },
    {
      Output: {
        missing: jsonata(`${rows} > 0 and $states.result.KeyCount = 0`),
      },
    },
  );
  const marker = inside(
    "aws-sdk:s3:putObject",
    {
      Bucket: bucket,
      Key: jsonata("$states.input.folder & '/_LOAD_COMPLETE'"),
      Body: { rows: jsonata(rows) },
      ContentType: "application/json",
    },
    { Output: {} },
  );
  return {
    "Find load files": forEach("Find files of table", files.state, {
      Catch: files.caught,
      Next: "Files of this epoch?",
    }),
    "Files of this epoch?": {
      Type: "Choice",
      Choices: [
        { Condition: jsonata("$count($states.input[missing]) > 0"), Next: "Wait for load" },
      ],
      Default: "Mark tables",
    },
    "Mark tables": forEach("Mark table", marker.state, {
      Catch: marker.caught,
      Next: "All of them?",
    }),
    "All of them?": {
      Type: "Choice",
      Choices: [{ Condition: jsonata("$count($broken) > 0"), Next: "Tell of broken tables" }],
      Default: "Remember finished load",
    },
    "Remember finished load": call(
      "aws-sdk:s3:putObject",
      {
        Bucket: bucket,
        Key: finished,
        Body: { tables: tables.length },
        ContentType: "application/json",
      },
      { Output: {}, Next: next },
    ),
  };
}

/** Marks that these tables of the epoch are loaded; another when tables are added. */
function finishedKey(epoch: string, tables: readonly LoadedTable[]): string {
  const names = tables.map(({ name }) => name).sort();
  const hash = createHash("sha256").update(JSON.stringify(names)).digest("hex").slice(0, 12);
  return `${epoch}/_LOAD_COMPLETE-${hash}`;
}
