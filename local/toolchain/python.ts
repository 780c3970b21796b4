import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { UserError } from "../../model/errors";
import { paths } from "../paths";
import { run } from "../process/run";
import { installOnce } from "./install";
import type { Progress } from "./progress";

/** A virtual environment with pinned packages. */
export interface PythonEnvironment {
  readonly folder: string;
  /** The interpreter; run tools as modules: `python -m pytest`. */
  readonly python: string;
  readonly sitePackages: string;
}

/** Versions that PySpark 3.5 supports. */
const SUPPORTED = ["3.10", "3.11", "3.12"];

/**
 * The environment that the lake runs in: PySpark as on AWS Glue 5.0, nothing else.
 * Installed on first use: 315 MB to download.
 */
export async function ensurePython(progress?: Progress): Promise<PythonEnvironment> {
  return environment("runtime", "Python with PySpark", 1.6e9, progress);
}

/** The environment for checks and tests: pytest, ruff, mypy; it sees the runtime's packages. */
export async function ensureTestPython(progress?: Progress): Promise<PythonEnvironment> {
  const runtime = await ensurePython(progress);
  return environment("test", "Python test tools", 4e8, progress, runtime);
}

async function environment(
  kind: "runtime" | "test",
  title: string,
  bytesNeeded: number,
  progress?: Progress,
  base?: PythonEnvironment,
): Promise<PythonEnvironment> {
  const requirements = join(paths().project, "requirements", `${kind}.txt`);
  const { interpreter, version } = findPython();
  const hash = createHash("sha256")
    .update(JSON.stringify([readFileSync(requirements, "utf8"), version, process.platform]))
    .update(JSON.stringify([process.arch, base?.folder ?? ""]))
    .digest("hex")
    .slice(0, 12);
  const folder = join(paths().cache, `python${kind === "test" ? "-test" : ""}-${hash}`);
  const at = (root: string): PythonEnvironment => ({
    folder: root,
    python: join(root, "bin", "python"),
    sitePackages: join(root, "lib", `python${version}`, "site-packages"),
  });
  await installOnce(
    {
      title,
      folder,
      bytesNeeded,
      async build(draft, report) {
        const { python, sitePackages } = at(draft);
        report("making a virtual environment");
        await run(interpreter, ["-m", "venv", draft]);
        await pipInstall(python, ["-r", requirements], join(draft, "tmp"), report);
        if (base) writeFileSync(join(sitePackages, "lakewright.pth"), `${base.sitePackages}\n`);
        moveScripts(join(draft, "bin"), draft, folder);
      },
    },
    progress,
  );
  return at(folder);
}

/**
 * Runs pip of the environment `python` belongs to, keeping its downloads out of the home folder.
 * @param temporary folder for pip's own use, removed afterwards
 */
export async function pipInstall(
  python: string,
  args: readonly string[],
  temporary: string,
  report: (message: string) => void,
): Promise<void> {
  const started = Date.now();
  let doing = "asking the package index";
  const tick = () => report(`${doing} (${Math.round((Date.now() - started) / 1000)} s)`);
  const timer = setInterval(tick, 1_000);
  mkdirSync(temporary, { recursive: true });
  try {
    const options = ["--no-cache-dir", "--disable-pip-version-check", "--no-input"];
    await run(python, ["-m", "pip", "install", "--progress-bar", "off", ...options, ...args], {
      env: { ...process.env, TMPDIR: temporary, PYTHONPATH: "" },
      onLine(line) {
        const step = pipStep(line);
        if (step) doing = step;
        if (step) tick();
      },
    });
  } finally {
    clearInterval(timer);
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** pip's line in our words, `undefined` for lines that tell nothing new. */
function pipStep(line: string): string | undefined {
  const download = /^\s*(?:Downloading|Using cached) (?:\S*\/)?(\S+) \(([^)]+)\)/.exec(line);
  if (download) return `downloading ${download[1]}, ${download[2]}`;
  const building = /^\s*Building wheel for (\S+)/.exec(line);
  if (building) return `building ${building[1]}`;
  return line.startsWith("Installing collected packages") ? "unpacking packages" : undefined;
}

/** Scripts of an environment name its folder in their first line: makes them name `to`. */
function moveScripts(bin: string, from: string, to: string): void {
  for (const name of readdirSync(bin)) {
    const file = join(bin, name);
    if (!lstatSync(file).isFile()) continue;
    const content = readFileSync(file);
    if (!content.includes(from) || content.includes(0)) continue;
    writeFileSync(file, content.toString().replaceAll(from, to));
  }
}

/** The Python to build environments with: `LAKEWRIGHT_PYTHON`, else the first that is supported. */
function findPython(): { interpreter: string; version: string } {
  const wished = process.env.LAKEWRIGHT_PYTHON;
  const candidates = wished ? [wished] : ["python3", "python3.12", "python3.11", "python3.10"];
  const seen: string[] = [];
  for (const interpreter of candidates) {
    const code = "import sys; print('%d.%d' % sys.version_info[:2])";
    const { stdout, status } = spawnSync(interpreter, ["-c", code], { encoding: "utf8" });
    const version = status === 0 ? stdout.trim() : undefined;
    if (version && SUPPORTED.includes(version)) return { interpreter, version };
    seen.push(`${interpreter}: ${version ?? "not found"}`);
  }
  throw new UserError(
    `Lakewright needs Python 3.10, 3.11 or 3.12 (found ${seen.join(", ")}). ` +
      "Install one of them, or set LAKEWRIGHT_PYTHON to its path.",
  );
}
