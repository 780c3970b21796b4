import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { lakeOf, placeOf, readStackOutputs } from "../../analytics/stack-outputs";
import { deployedValues, environmentValues, outputsFile } from "../cli/aws/deployed-values";

const folder = mkdtempSync(join(tmpdir(), "lakewright-pulumi-"));

/** A program in the CLI's place. */
function program(script: string): string {
  const file = join(folder, `pulumi-${Math.random()}`);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

test("reads a file", async () => {
  expect(await readStackOutputs({ outputs: outputsFile() })).toEqual(environmentValues());
});

test("asks the Pulumi CLI of the stack, in the project's folder", async () => {
  const pulumi = program(
    `test -f Pulumi.yaml && echo "$@" >${folder}/asked && cat ${outputsFile()}`,
  );
  expect(await readStackOutputs({ stack: "acme/lakewright/dev" }, pulumi)).toEqual(
    environmentValues(),
  );
  const { readFileSync } = jest.requireActual<typeof import("node:fs")>("node:fs");
  expect(readFileSync(`${folder}/asked`, "utf8").trim()).toBe(
    "stack output --json --stack acme/lakewright/dev --non-interactive",
  );
});

test("gives the CLI's own words for a stack that there is not", async () => {
  const pulumi = program(`echo "error: no stack named 'dev' found" >&2; exit 255`);
  await expect(readStackOutputs({ stack: "dev" }, pulumi)).rejects.toThrow(
    "--stack dev --non-interactive: no stack named 'dev' found",
  );
});

test("says where to get the CLI that is not there", async () => {
  await expect(readStackOutputs({ stack: "dev" }, `${folder}/nothing`)).rejects.toThrow(
    "the Pulumi CLI was not found; install it",
  );
});

test("names every output that is not as the contract says", async () => {
  const file = join(folder, "other.json");
  writeFileSync(file, JSON.stringify({ ...environmentValues(), vpcId: 1 }));
  await expect(readStackOutputs({ outputs: file })).rejects.toThrow(/run pulumi up[\s\S]*vpcId/);
  writeFileSync(file, "oh no");
  await expect(readStackOutputs({ outputs: file })).rejects.toThrow("expected the JSON of");
});

test("wants either a stack or a file", async () => {
  await expect(readStackOutputs({})).rejects.toThrow("which environment? Give --stack <name>");
  await expect(readStackOutputs({ stack: "dev", outputs: "x" })).rejects.toThrow("give one of");
  await expect(readStackOutputs({ outputs: `${folder}/none` })).rejects.toThrow("cannot be read");
});

test("finds a lake and where it is", () => {
  expect(lakeOf(environmentValues(), "saas")).toEqual(deployedValues());
  expect(() => lakeOf(environmentValues(), "retail")).toThrow(
    'environment dev has no lake "retail"; expected one of saas',
  );
  expect(placeOf(deployedValues())).toEqual({ region: "us-west-2", account: "123456789012" });
});
