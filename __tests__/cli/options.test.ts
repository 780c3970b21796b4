import { Command } from "commander";

import { byArgument, lakeArgument, lakeOption } from "../../cli/options";

let about: string | undefined;

async function run(...words: string[]): Promise<void> {
  about = undefined;
  const command = new Command()
    .exitOverride()
    .addArgument(lakeArgument())
    .addOption(lakeOption())
    .action(byArgument(async ({ lake }: { lake: string }) => void (about = lake)));
  await command.parseAsync(words, { from: "user" });
}

afterEach(() => {
  delete process.env.LAKEWRIGHT_LAKE;
});

test.each([
  [[], "saas"],
  [["autocorp"], "autocorp"],
  [["--lake", "autocorp"], "autocorp"],
  [["autocorp", "--lake", "autocorp"], "autocorp"],
])("%j is about %s", async (words, lake) => {
  await run(...words);
  expect(about).toBe(lake);
});

test("the environment names the lake where the command does not", async () => {
  process.env.LAKEWRIGHT_LAKE = "autocorp";
  await run();
  expect(about).toBe("autocorp");
  await run("saas");
  expect(about).toBe("saas");
});

test("a command that names two lakes is refused", async () => {
  await expect(run("saas", "--lake", "autocorp")).rejects.toThrow(
    "which lake is meant, saas or autocorp? Name one",
  );
  expect(about).toBeUndefined();
});
