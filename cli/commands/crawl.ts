import { type StackFlags, withStackOptions } from "../aws/stack-options";
import type { LakeCommand } from "../command";

interface CrawlFlags extends StackFlags {
  readonly wait?: boolean;
}

export const crawl: LakeCommand = {
  group: "AWS:",
  register: (program) =>
    withStackOptions(program.command("crawl"))
      .description("start the lake's crawlers on AWS; each run is billed for 10 minutes at least")
      .argument("[crawler]", "only this one, such as bronze or silver-hudi")
      .option("--wait", "wait for their end; exit code 1 if one fails")
      .action(async (asked: string | undefined, { wait, ...flags }: CrawlFlags) => {
        const { chosenCrawlers, startCrawler, untilCrawled } = await import("../aws/crawlers");
        const { openDeployedLake } = await import("../aws/deployed-lake");
        const { interruption } = await import("../interrupt");
        const { values, clients } = await openDeployedLake(flags);
        const glue = clients.glue();
        const chosen = chosenCrawlers(values.crawlers, asked);
        for (const [what, name] of chosen) {
          const started = await startCrawler(glue, name);
          console.log(`${what}: ${started ? "started" : "runs already"}`);
        }
        if (!wait) return;
        const signal = interruption();
        for (const [what, name] of chosen) {
          const { status, message } = await untilCrawled(glue, name, { signal });
          console.log(`${what}: ${status.toLowerCase()}${message ? `: ${message}` : ""}`);
          if (status !== "SUCCEEDED") process.exitCode = 1;
        }
      }),
};
