import type { LakeCommand } from "../command";

export const down: LakeCommand = {
  group: "Services and state:",
  register: (program) =>
    program
      .command("down")
      .description("stop the services that `lake up` started")
      .action(async () => {
        const { SERVICES, stopService } = await import("../../local/services");
        for (const { name, title } of SERVICES) {
          const { wasRunning, holders } = await stopService(name);
          const users = holders.map(({ command, process }) => `lake ${command} (${process?.pid})`);
          if (users.length > 0) console.log(`${title} runs on, used by ${users.join(", ")}`);
          else console.log(`${title} ${wasRunning ? "stopped" : "was not running"}`);
        }
      }),
};
