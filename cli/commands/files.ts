import { isDeployed, type StackFlags, withStackOptions } from "../aws/stack-options";
import type { LakeCommand } from "../command";
import { DROPS_OPTION } from "../options";

interface SyncFlags extends StackFlags {
  readonly drops?: string;
}

const NOTE = `
A transfer copies what is new in the folders of the tables that have files; the lake's next pass reads
it. Here ./lake run and ./lake watch transfer by themselves. With --stack AWS DataSync copies from the
file server; it also does by its schedule.
`;

export const files: LakeCommand = {
  group: "Pipeline:",
  register: (program) => {
    const command = program
      .command("files")
      .description("dropped files on their way into the lake")
      .addHelpText("after", NOTE);
    withStackOptions(command.command("sync"))
      .description("transfer what is new; exit code 1 if some of it cannot be")
      .option("--drops <folder>", DROPS_OPTION)
      .action((flags: SyncFlags) => (isDeployed(flags) ? syncOnAws(flags) : syncHere(flags)));
    return command;
  },
};

async function syncHere({ lake, drops }: SyncFlags): Promise<void> {
  const { loadLake } = await import("../../lakes/load");
  const { transferFiles } = await import("../../local/files/transfer");
  const { lakePaths } = await import("../../local/paths");
  const { UserError } = await import("../../model/errors");
  const { tablesWithFiles } = await import("../../model/dropped-files");
  const { interruption } = await import("../interrupt");
  const { printNotTransferred, printTransfer } = await import("../transfers");
  const { definition, manifest } = loadLake(lake);
  if (tablesWithFiles(manifest).length === 0) {
    throw new UserError(`no table of the lake "${lake}" has files`);
  }
  const result = await transferFiles(manifest, lakePaths(definition), {
    drops,
    signal: interruption(),
    onTransferred: printTransfer,
  });
  printNotTransferred(result);
  if (result.transferred.length === 0) console.log("nothing new was transferred");
  if (result.refused.length > 0) process.exitCode = 1;
}

async function syncOnAws(flags: StackFlags): Promise<void> {
  const { runningTransfer, startTransfer, transferTask, untilTransferred } =
    await import("../aws/file-transfers");
  const { openDeployedLake } = await import("../aws/deployed-lake");
  const { readableBytes } = await import("../../shared/bytes");
  const { interruption } = await import("../interrupt");
  const { formatSeconds } = await import("../output");
  const { values, clients } = await openDeployedLake(flags);
  const datasync = clients.datasync();
  const task = transferTask(values);
  const waiting = {
    signal: interruption(),
    onStatus: (each: string) => console.log(`${each.toLowerCase()} …`),
  };
  const running = await runningTransfer(datasync, task);
  if (running !== undefined) {
    console.log(`waiting for ${running}, which runs and may have begun before the newest files`);
    await untilTransferred(datasync, running, waiting);
  }
  const execution = await startTransfer(datasync, task);
  console.log(`started ${execution}`);
  const { status, transferred, verified, bytes, seconds, error } = await untilTransferred(
    datasync,
    execution,
    waiting,
  );
  console.log(
    `${status === "SUCCESS" ? "succeeded" : "failed"} after ${formatSeconds(seconds)}: ` +
      `${transferred.toLocaleString("en-US")} files and folders, ${readableBytes(bytes)}, ${verified.toLocaleString("en-US")} verified`,
  );
  if (status === "SUCCESS") return;
  if (error !== undefined) console.error(error);
  process.exitCode = 1;
}
