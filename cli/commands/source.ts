import type { Command } from "commander";

import type { QueryOutcome } from "../../local/source/run-query";
import type { LakeCommand } from "../command";
import { lakeOption } from "../options";
import { SOURCE_OPTION } from "./replicate";

interface SqlFlags {
  readonly lake: string;
  readonly source?: string;
  readonly undo?: boolean;
  readonly role?: string;
  readonly captureDdl?: boolean;
}

interface QueryFlags {
  readonly lake: string;
  readonly source?: string;
  readonly json?: boolean;
  readonly csv?: boolean;
}

export const source: LakeCommand = {
  group: "Source database:",
  register: (program) => {
    const command = program
      .command("source")
      .description("look at the source database, change it, prepare it for replication");
    registerSql(command);
    registerQuery(command);
    return command;
  },
};

function registerSql(command: Command): void {
  command
    .command("sql")
    .description("print the SQL that prepares a source for replication; it changes nothing itself")
    .option("--undo", "print the SQL that undoes it")
    .option("--role <name>", "role that replicates (default: the user of the connection)")
    .option(
      "--capture-ddl",
      "print what tells AWS DMS of added columns too (captureDdl), for a role that is no superuser",
    )
    .addOption(lakeOption())
    .option("--source <url>", SOURCE_OPTION)
    .action(async (flags: SqlFlags) => {
      const { openSource } = await import("../../local/source/open");
      const { connectSource } = await import("../../local/source/connection");
      const { findTables } = await import("../../local/replication/source-check");
      const { preparationSql, undoSql } = await import("../../local/source/prepare");
      const { captureDdlSql } = await import("../../local/source/capture-ddl");
      const { loadLake } = await import("../../lakes/load");
      const { manifest } = loadLake(flags.lake);
      await using opened = await openSource(flags.lake, flags.source);
      const client = await connectSource(opened.source);
      const { found, missing } = await findTables(client, manifest);
      await client.end();
      for (const name of missing) console.error(`note: the source has no table ${name}`);
      const role = flags.role ?? opened.source.user;
      const print = flags.undo ? undoSql : preparationSql;
      process.stdout.write(`${print(manifest, found, role).trimEnd()}\n`);
      if (flags.captureDdl && !flags.undo) {
        process.stdout.write(`\n${captureDdlSql(manifest, role)}`);
      }
    });
}

function registerQuery(command: Command): void {
  command
    .command("query")
    .description(
      "run SQL on the source database, writes too; several statements are one transaction",
    )
    .argument("<sql>", "SQL, or - for what comes by standard input: passwords belong there")
    .option("--json", "print rows as a JSON array")
    .option("--csv", "print rows as CSV")
    .addOption(lakeOption())
    .option("--source <url>", SOURCE_OPTION)
    .action(async (sql: string, flags: QueryFlags) => {
      const { text } = await import("node:stream/consumers");
      const { openSource } = await import("../../local/source/open");
      const { connectSource } = await import("../../local/source/connection");
      const { runQuery } = await import("../../local/source/run-query");
      await using opened = await openSource(flags.lake, flags.source);
      const statements = sql === "-" ? await text(process.stdin) : sql;
      const client = await connectSource(opened.source);
      const outcomes = await runQuery(client, statements);
      await client.end();
      for (const outcome of outcomes) await printOutcome(outcome, flags);
    });
}

async function printOutcome(outcome: QueryOutcome, flags: QueryFlags): Promise<void> {
  const { printJson, printTable } = await import("../output");
  const { command, columns, rows, rowCount } = outcome;
  if (columns.length === 0) {
    const done = rowCount === undefined ? command : `${command} ${rowCount}`;
    process[flags.json || flags.csv ? "stderr" : "stdout"].write(`${done}\n`);
  } else if (flags.json) {
    printJson(rows.map((row) => Object.fromEntries(row.map((value, i) => [columns[i], value]))));
  } else if (flags.csv) {
    const { stringify } = await import("csv-stringify/sync");
    process.stdout.write(stringify([columns, ...rows] as (string | null)[][]));
  } else {
    printTable([...columns], rows as (string | null)[][]);
    console.log(`${rows.length.toLocaleString("en-US")} row${rows.length === 1 ? "" : "s"}`);
  }
}
