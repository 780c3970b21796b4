import { existsSync, readFileSync } from "node:fs";

import { KEPT_STACKS, keptFile, registrations } from "./registrations";

jest.setTimeout(120_000);

test.each(KEPT_STACKS)("stack %s registers what was reviewed", async (stack) => {
  const file = keptFile(stack);
  if (!existsSync(file)) throw new Error(`${file} is missing; npm run registered writes it`);
  const now = await registrations(stack);
  // A difference that is wanted: npm run registered, then review it.
  expect(now.split("\n")).toEqual(readFileSync(file, "utf8").split("\n"));
});

test("what is kept names no path of this computer and no hash of a release", async () => {
  const text = await registrations("dev");
  expect(text).not.toContain(process.cwd());
  expect(text).not.toMatch(/(releases|jars)\/[0-9a-f]{16}/);
  expect(text).toContain('"--manifest": "s3://saas-dev-manifest/releases/<hash>/manifest.json"');
});
