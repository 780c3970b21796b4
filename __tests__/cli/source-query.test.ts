import { Readable } from "node:stream";

import { Command } from "commander";

import { source } from "../../cli/commands/source";
import { runQuery } from "../../local/source/run-query";

jest.mock("../../local/source/open", () => ({
  openSource: async () => ({ source: {}, [Symbol.asyncDispose]: async () => undefined }),
}));
jest.mock("../../local/source/connection", () => ({
  ...jest.requireActual<object>("../../local/source/connection"),
  connectSource: async () => ({ end: async () => undefined }),
}));
jest.mock("../../local/source/run-query", () => ({ runQuery: jest.fn(async () => []) }));

/** The SQL that a command line runs. */
async function sqlOf(sql: string): Promise<unknown> {
  const program = new Command("lake").exitOverride();
  source.register(program);
  await program.parseAsync(["source", "query", sql], { from: "user" });
  return jest.mocked(runQuery).mock.lastCall?.[1];
}

afterEach(() => jest.restoreAllMocks());

test("SQL comes as an argument, or by standard input, where no list of processes shows it", async () => {
  const input = Readable.from(["ALTER ROLE lakewright ", "PASSWORD 'ü';\n"]);
  jest.spyOn(process, "stdin", "get").mockReturnValue(input as typeof process.stdin);
  expect(await sqlOf("SELECT 1")).toBe("SELECT 1");
  expect(await sqlOf("-")).toBe("ALTER ROLE lakewright PASSWORD 'ü';\n");
});
