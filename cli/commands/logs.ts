import type { LakeCommand } from "../command";

export const logs: LakeCommand = {
  group: "Services and state:",
  register: (program) =>
    program
      .command("logs")
      .description("show what the services log")
      .argument("[service]", "postgres, trino or another file of the log folder; default all")
      .option("-f, --follow", "go on showing what is logged")
      .option("-n, --lines <number>", "lines from the end of each log", "40")
      .action(async (service: string | undefined, options: { follow?: true; lines: string }) => {
        const { findLogs, followLogs, lastLines } = await import("../log-files");
        const files = findLogs(service);
        for (const file of files) {
          if (files.length > 1) console.log(`==> ${file} <==`);
          process.stdout.write(lastLines(file, Number(options.lines)));
        }
        if (!options.follow) return;
        const { interruption } = await import("../interrupt");
        await followLogs(files, interruption());
      }),
};
