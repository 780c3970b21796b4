import { UserError } from "../errors";
import type { Manifest, ManifestTable } from "../manifest";
import { call, jsonata, literal, type State, type States } from "./asl";

/** How a state machine asks DMS what became of a lake's tables. */

/** What replicates the tables: a replication task, or a configuration of DMS Serverless. */
export interface ReplicationRef {
  readonly kind: "task" | "serverless";
  readonly arn: string;
}

/** Most tables in one answer of DMS: API reference, DescribeTableStatistics. */
const MOST_TABLES = 500;
/** A table that DMS has given up. Source: DMS user guide, "Table state". */
const BROKEN = ["Table error", "Table cancelled", "Table does not exist"];
const LOADED = "Table completed";
/** What a task that was never started answers; the SDK's name for it is documented nowhere. */
const NOT_STARTED = ["InvalidResourceStateException", "InvalidResourceStateFaultException"].map(
  (error) => `DatabaseMigration.${error}`,
);

/** Names of the broken tables as text, after a state of `askTables`. */
export const BROKEN_TABLES = "$join($broken, ', ')";

/** A table as DMS names it: `public.core_order`. */
export function tableName({ source_schema, source_table }: ManifestTable): string {
  return `${source_schema}.${source_table}`;
}

/** The lake's tables as DMS names them. */
export function tableNames({ tables }: Manifest): string[] {
  return tables.map(tableName);
}

/**
 * A state that asks for the lake's tables and sets `started` (whether there is an answer yet),
 * `loaded` and `broken` (names of tables) and `rows` (loaded ones, by name).
 * @throws UserError for more tables than DMS tells of at once
 */
export function askTables(manifest: Manifest, replication: ReplicationRef, next: string): State {
  const names = tableNames(manifest);
  if (names.length > MOST_TABLES) {
    throw new UserError(
      `lake ${manifest.lake} has ${names.length} tables; DMS tells of ${MOST_TABLES} at once, so make several lakes of it`,
    );
  }
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
  const inState = (condition: string) =>
    jsonata(`[${statistics}[TableState ${condition}].(${named})[$ in ${literal(names)}]]`);
  const asked = call(
    `aws-sdk:databasemigration:${operation}`,
    { [argument]: replication.arn, MaxRecords: MOST_TABLES },
    {
      Assign: {
        started: true,
        loaded: inState(`= ${literal(LOADED)}`),
        broken: inState(`in ${literal(BROKEN)}`),
        rows: jsonata(`$merge($append([{}], ${statistics}.{(${named}): $number(FullLoadRows)}))`),
      },
      Next: next,
    },
  );
  return {
    ...asked,
    // Not repeated: who asked asks again, or has nothing to wait for.
    Retry: [{ ErrorEquals: NOT_STARTED, MaxAttempts: 0 }, ...(asked.Retry as object[])],
    Catch: [
      {
        ErrorEquals: NOT_STARTED,
        Assign: { started: false, loaded: [], broken: [], rows: {} },
        Next: next,
      },
      ...(asked.Catch as object[]),
    ],
  };
}

/** The first of the states that look for broken tables. */
export const BROKEN_START = "Ask DMS for broken tables";

/** States that tell of tables which DMS has given up, and end. */
export function brokenTableStates(
  manifest: Manifest,
  replication: ReplicationRef,
  topic: string,
): States {
  return {
    [BROKEN_START]: askTables(manifest, replication, "Any broken?"),
    "Any broken?": {
      Type: "Choice",
      Choices: [{ Condition: jsonata("$count($broken) > 0"), Next: "Tell of broken tables" }],
      Default: "None broken",
    },
    "None broken": { Type: "Succeed" },
    "Tell of broken tables": call(
      "sns:publish",
      {
        TopicArn: topic,
        Subject: `Lake ${manifest.lake}: tables are not replicated`,
        Message: jsonata(`'DMS has given up ' & ${BROKEN_TABLES} & '; the other tables go on'`),
      },
      { Output: {}, End: true },
    ),
  };
}
