import { type StackFlags, withStackOptions } from "../aws/stack-options";
import type { LakeCommand } from "../command";

const NOTE = `
A transfer copies what is new below the file server's path, folder by folder of the tables that have
files; the lake's next pass reads it. AWS DataSync also starts transfers by its schedule.
`;

export const files: LakeCommand = {
  group: "AWS:",
  register: (program) => {
    const command = program
      .command("files")
      .description("dropped files on their way into the lake on AWS")
      .addHelpText("after", NOTE);
    withStackOptions(command.command("sync"))
      .description("transfer what is new, and wait for it; exit code 1 if it fails")
      .action(sync);
    return command;
  },
};

async function sync(flags: StackFlags): Promise<void> {
  const { startTransfer, transferTask, untilTransferred } = await import("../aws/file-transfers");
  const { openDeployedLake } = await import("../aws/deployed-lake");
  const { readableBytes } = await import("../../shared/bytes");
  const { interruption } = await import("../interrupt");
  const { formatSeconds } = await import("../output");
  const { values, clients } = await openDeployedLake(flags);
  const datasync = clients.datasync();
  const execution = await startTransfer(datasync, transferTask(values));
  console.log(`started ${execution}`);
  const { status, transferred, verified, bytes, seconds, error } = await untilTransferred(
    datasync,
    execution,
    { signal: interruption(), onStatus: (each) => console.log(`${each.toLowerCase()} …`) },
  );
  console.log(
    `${status === "SUCCESS" ? "succeeded" : "failed"} after ${formatSeconds(seconds)}: ` +
      `${transferred.toLocaleString("en-US")} files and folders, ${readableBytes(bytes)}, ${verified.toLocaleString("en-US")} verified`,
  );
  if (status === "SUCCESS") return;
  if (error !== undefined) console.error(error);
  process.exitCode = 1;
}
