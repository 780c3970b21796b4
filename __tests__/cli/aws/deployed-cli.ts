import { Command } from "commander";

import * as commands from "../../../cli/commands";
import { outputsFile } from "./deployed-values";
import { FakeAws } from "./fake-aws";

/** The commands on a deployed lake, run against an AWS of the test's own. */
export interface DeployedCli {
  readonly aws: FakeAws;
  /** Runs a command as the command line does and gives what it printed; `file` has the outputs. */
  lake(line: string | readonly string[], file?: string): Promise<string>;
}

/** Call it at the top of a test file: it registers what comes before and after the tests. */
export function deployedCli(): DeployedCli {
  const aws = new FakeAws();
  let printed: string[] = [];
  beforeAll(() => aws.start());
  afterAll(() => aws.stop());
  beforeEach(() => {
    printed = [];
    const keep = (...parts: unknown[]) => void printed.push(parts.join(" "));
    jest.spyOn(console, "log").mockImplementation(keep);
    jest.spyOn(console, "error").mockImplementation(keep);
    jest
      .spyOn(process.stdout, "write")
      .mockImplementation((text) => (printed.push(String(text)), true));
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  async function lake(line: string | readonly string[], file = outputsFile()): Promise<string> {
    const program = new Command("lake").exitOverride();
    for (const command of Object.values(commands)) command.register(program);
    const words = typeof line === "string" ? line.split(" ") : line;
    await program.parseAsync([...words, "--outputs", file], { from: "user" });
    return printed.join("\n");
  }
  return { aws, lake };
}
