import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

jest.setTimeout(60_000);

const LAKE = join(__dirname, "..", "..", "lake");

let folder: string;
let bin: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lakewright-launcher-"));
  bin = join(folder, "bin");
  mkdirSync(bin);
  for (const tool of ["sh", "dirname", "readlink"]) {
    const { stdout } = spawnSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" });
    symlinkSync(stdout.trim(), join(bin, tool));
  }
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program that prints one line, whatever it is asked. */
function fakeProgram(name: string, line: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\necho '${line}'\n`);
  chmodSync(join(bin, name), 0o755);
}

function launch(
  program: string,
  args: string[],
  env: NodeJS.ProcessEnv = process.env,
): SpawnSyncReturns<string> {
  return spawnSync(program, args, { encoding: "utf8", cwd: folder, env });
}

describe("the launcher", () => {
  it("runs the command line from any folder, through relative and absolute symbolic links", () => {
    symlinkSync(LAKE, join(folder, "first"));
    symlinkSync("../first", join(bin, "second"));
    const { stdout, status } = launch(join(bin, "second"), ["--help"]);
    expect(stdout).toMatch(/^Usage: lake <command> \[options\]\n/);
    expect(status).toBe(0);
  });

  it("ends with the command line's exit code", () => {
    const { stderr, status } = launch(LAKE, ["up", "no-such-service"]);
    expect(stderr).toBe(
      'lake: There is no service "no-such-service"; there are postgres, trino.\n',
    );
    expect(status).toBe(1);
  });

  it("says when Node.js is missing", () => {
    const { stderr, status } = launch(LAKE, [], { PATH: bin });
    expect(stderr).toMatch(
      /^lake: Node\.js 20 or newer is needed and was not found\. Install it .*\n$/,
    );
    expect(status).toBe(1);
  });

  it("says when Node.js is too old", () => {
    fakeProgram("node", "v18.20.1");
    const { stderr, status } = launch(LAKE, [], { PATH: bin });
    expect(stderr).toMatch(
      /^lake: Node\.js 20 or newer is needed, this is v18\.20\.1\. Install .*\n$/,
    );
    expect(status).toBe(1);
  });

  it("says when no Python fits", () => {
    fakeProgram("node", "v20.0.0");
    const { stderr, status } = launch(LAKE, [], { PATH: bin });
    expect(stderr).toMatch(
      /^lake: Python 3\.10, 3\.11 or 3\.12 is needed and was not found\. .*\n$/,
    );
    expect(status).toBe(1);
  });

  it("says when the Python that the user names does not fit", () => {
    fakeProgram("node", "v20.0.0");
    const env = { PATH: bin, LAKEWRIGHT_PYTHON: join(bin, "python2") };
    const { stderr, status } = launch(LAKE, [], env);
    expect(stderr).toMatch(/^lake: LAKEWRIGHT_PYTHON names .*python2, which is not a Python 3\.10/);
    expect(status).toBe(1);
  });
});
