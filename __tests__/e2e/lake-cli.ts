import { execFile } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROJECT = join(__dirname, "..", "..");

/** The command line with a state folder of its own. */
export interface LakeCli {
  readonly home: string;
  /** Runs `lake` as a person would; gives what it printed. */
  lake(args: readonly string[], expectedExit?: number): Promise<string>;
  /** Rows of a query by Trino. */
  rows(sql: string, ...flags: string[]): Promise<Record<string, unknown>[]>;
}

export function lakeCli(): LakeCli {
  const home = mkdtempSync(join(tmpdir(), "lakewright-e2e-"));
  function lake(args: readonly string[], expectedExit = 0): Promise<string> {
    return new Promise((resolve, reject) => {
      const options = {
        env: { ...process.env, LAKEWRIGHT_HOME: home, NO_COLOR: "1" },
        maxBuffer: 64 * 1024 * 1024,
      };
      execFile(join(PROJECT, "lake"), [...args], options, (error, stdout, stderr) => {
        const exit = error ? error.code : 0;
        if (exit === expectedExit) resolve(stdout);
        else reject(new Error(`lake ${args.join(" ")} ended with ${exit}:\n${stdout}\n${stderr}`));
      });
    });
  }
  async function rows(sql: string, ...flags: string[]): Promise<Record<string, unknown>[]> {
    return JSON.parse(await lake(["query", sql, "--json", ...flags])) as Record<string, unknown>[];
  }
  return { home, lake, rows };
}
