import { dirname, join } from "node:path";

import { ensureJars, ensureJava, ensureTestPython } from "../../local/toolchain";

/** One program of `./lake test`. */
export interface Check {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** What of the program's report counts tests; a check without one counts as one. */
  readonly report?: { readonly kind: "jest" | "junit"; readonly file: string };
}

/** One Spark waits for files half of the time: two, each with tests of its own, take two thirds. */
const SIDE_BY_SIDE = ["--numprocesses=2", "--dist=worksteal"];

/**
 * Every check of the project, the quick ones first.
 * @param reports folder for the runners' machine-readable reports
 */
export async function allChecks(project: string, reports: string): Promise<Check[]> {
  const python = await ensureTestPython();
  const jars = await ensureJars();
  const java = await ensureJava(17);
  const node = (name: string, script: string, ...args: string[]): Check => ({
    name,
    program: process.execPath,
    args: [join(project, "node_modules", script), ...args],
  });
  const tool = (name: string, ...args: string[]): Check => ({
    name,
    program: python.python,
    args: ["-m", ...args],
  });
  const jestReport = join(reports, "jest.json");
  const pytestReport = join(reports, "pytest.xml");
  return [
    node("types (tsc)", "typescript/bin/tsc", "--noEmit"),
    node("lint (eslint)", "eslint/bin/eslint.js", ".", "--max-warnings", "0"),
    node("format (prettier)", "prettier/bin/prettier.cjs", "--check", "--log-level", "warn", "."),
    tool("lint (ruff)", "ruff", "check", "glue-scripts"),
    tool("format (ruff)", "ruff", "format", "--check", "glue-scripts"),
    tool("types (mypy)", "mypy", "glue-scripts"),
    {
      ...tool("pytest", "pytest", ...SIDE_BY_SIDE, `--junitxml=${pytestReport}`),
      env: { LAKEWRIGHT_JARS: dirname(jars[0]!), JAVA_HOME: java },
      report: { kind: "junit", file: pytestReport },
    },
    {
      ...node("jest", "jest/bin/jest.js", "--json", `--outputFile=${jestReport}`),
      report: { kind: "jest", file: jestReport },
    },
  ];
}
