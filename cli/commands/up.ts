import type { LakeCommand } from "../command";

export const up: LakeCommand = {
  group: "Services and state:",
  register: (program) =>
    program
      .command("up")
      .description("start PostgreSQL and Trino and keep them running until `lake down`")
      .argument("[service...]", "only these: postgres, trino")
      .action(async (names: string[]) => {
        const { findService, keepService, SERVICES } = await import("../../local/services");
        const services = names.length > 0 ? names.map(findService) : SERVICES;
        const { runSteps } = await import("../output");
        await runSteps(
          services.map(({ name, title }) => ({
            title,
            run: async (report) => {
              const { port } = await keepService(name, (part, message) =>
                report(part === title ? message : `${part}: ${message}`),
              );
              return `127.0.0.1:${port}`;
            },
          })),
        );
      }),
};
