import { Command } from "commander";

import { UserError } from "../model/errors";
import { GROUPS } from "./command";
import * as commands from "./commands";
import { handleSignals, Interrupted, isInterrupted } from "./interrupt";

const DESCRIPTION =
  "Lakewright: describe your tables once, get a governed data lakehouse, on this computer with real engines and on AWS.";

function buildProgram(): Command {
  const program = new Command("lake")
    .description(DESCRIPTION)
    .usage("<command> [options]")
    .option("--debug", "print stack traces of errors")
    .helpOption("-h, --help", "show this page, or a command's with `lake <command> --help`")
    .helpCommand(false)
    .configureHelp({ subcommandTerm: (command) => `${command.name()} ${command.usage()}`.trim() })
    .showHelpAfterError("Run it with --help to see what there is.")
    .addHelpText("after", "\nNew here? Run: ./lake demo\n");
  for (const group of GROUPS)
    for (const command of Object.values(commands).filter((each) => each.group === group))
      command.register(program).helpGroup(group);
  return program;
}

/** Prints an error as its reader needs it: a user's own mistake without the stack. */
function report(error: unknown, debug: boolean): void {
  const readable = error instanceof UserError && !debug;
  const text = error instanceof Error && !readable ? describe(error) : String(error);
  process.stderr.write(`${text.replace(/^UserError: /, "lake: ")}\n`);
}

function describe(error: Error): string {
  const cause = error.cause instanceof Error ? `\nCaused by ${describe(error.cause)}` : "";
  return `${error.stack ?? error.message}${cause}`;
}

async function main(): Promise<void> {
  handleSignals();
  // A reader that has seen enough, as in `./lake logs | head`, is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  const program = buildProgram();
  try {
    await program.parseAsync();
  } catch (error) {
    const debug = program.opts<{ debug?: boolean }>().debug === true;
    // What an interruption breaks off fails in many ways, none of which tells the user anything.
    const isEcho = isInterrupted() && !debug && !(error instanceof Interrupted);
    report(isEcho ? new Interrupted("interrupted") : error, debug);
    process.exitCode ||= 1;
  }
  process.exit();
}

void main();
