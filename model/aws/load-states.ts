import { createHash } from "node:crypto";

import { UserError } from "../errors";
import type { Manifest } from "../manifest";
import { call, jsonata, literal, NOTIFY, type States } from "./asl";

/**
 * The part of the state machine that waits until DMS has loaded every table of an epoch, and then
 * writes the markers by which silver takes an epoch up.
 */
export interface Load {
  /** What loads the tables: a replication task, or a configuration of DMS Serverless. */
  readonly replication: { readonly kind: "task" | "serverless"; readonly arn: string };
  /** Name of the bronze bucket. */
  readonly bucket: string;
  /** Folder that DMS writes to: `e0001`. */
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

/** Most tables in one answer of DMS: API reference, DescribeTableStatistics. */
const MOST_TABLES = 500;
const POLL_SECONDS = 60;
/** A day; the history of an execution ends at 25,000 events, which are some three days of this. */
const MOST_POLLS = 1440;

/** A table that DMS has given up. Source: DMS user guide, "Table state". */
const BROKEN = ["Table error", "Table cancelled", "Table does not exist"];
const LOADED = "Table completed";
const BROKEN_TABLES = "'DMS could not load ' & $join($broken, ', ')";
/** What a task that was never started answers; the SDK's name for it is documented nowhere. */
const NOT_STARTED = ["InvalidResourceStateException", "InvalidResourceStateFaultException"].map(
  (error) => `DatabaseMigration.${error}`,
);

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
  const tables = manifest.tables.map(({ source_schema, source_table }) => ({
    name: `${source_schema}.${source_table}`,
    folder: `${load.epoch}/${source_schema}/${source_table}`,
  }));
  if (tables.length > MOST_TABLES) {
    throw new UserError(
      `lake ${manifest.lake} has ${tables.length} tables; DMS tells of ${MOST_TABLES} at once, so make several lakes of it`,
    );
  }
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
    ...statisticsStates(load, tables, whileLoading),
    ...markerStates(load, tables, finished, next),
    "Tell of broken tables": call(
      "sns:publish",
      {
        TopicArn: topic,
        Subject: `Lake ${manifest.lake}: tables are not loaded`,
        Message: jsonata(`${BROKEN_TABLES} & '; the other tables go on'`),
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
  { replication, settleSeconds }: Load,
  tables: readonly LoadedTable[],
  whileLoading: string,
): States {
  const names = literal(tables.map(({ name }) => name));
  const [operation, argument, answer] = {
    task: ["describeTableStatistics", "ReplicationTaskArn", "TableStatistics"],
    serverless: [
      "describeReplicationTableStatistics",
      "ReplicationConfigArn",
      "ReplicationTableStatistics",
    ],
  }[replication.kind] as [string, string, string];
  const statistics = `$states.result.${answer}`;
  const named = "SchemaName & '.' & TableName";
  const asked = call(
    `aws-sdk:databasemigration:${operation}`,
    { [argument]: replication.arn, MaxRecords: MOST_TABLES },
    {
      Assign: {
        started: true,
        loaded: jsonata(
          `[${statistics}[TableState = ${literal(LOADED)}].(${named})[$ in ${names}]]`,
        ),
        broken: jsonata(
          `[${statistics}[TableState in ${literal(BROKEN)}].(${named})[$ in ${names}]]`,
        ),
        rows: jsonata(`$merge($append([{}], ${statistics}.{(${named}): $number(FullLoadRows)}))`),
      },
      Next: "All loaded?",
    },
  );
  return {
    "Ask DMS for its tables": {
      ...asked,
      // Not repeated: the next poll asks again.
      Retry: [{ ErrorEquals: NOT_STARTED, MaxAttempts: 0 }, ...(asked.Retry as object[])],
      Catch: [
        {
          ErrorEquals: NOT_STARTED,
          Assign: { started: false, loaded: [], broken: [], rows: {} },
          Next: "All loaded?",
        },
        ...(asked.Catch as object[]),
      ],
    },
    "All loaded?": {
      Type: "Choice",
      Choices: [
        {
          Condition: jsonata(`$count($broken) = ${tables.length}`),
          Assign: { failure: { Error: "LoadFailed", Cause: jsonata(BROKEN_TABLES) } },
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
