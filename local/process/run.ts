import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

const children = new Set<ChildProcess>();
process.once("exit", () => children.forEach((child) => child.kill("SIGKILL")));

/** A program ended otherwise than with exit code 0. */
export class ProgramFailed extends Error {
  override readonly name = "ProgramFailed";

  constructor(
    readonly program: string,
    readonly exit: number | NodeJS.Signals,
    /** The last lines it printed. */
    readonly output: string,
  ) {
    super(`${program} ended with ${exit}:\n${output}`);
  }
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Called with every line of standard output and standard error. */
  readonly onLine?: (line: string) => void;
  /** Operating system user to run as. */
  readonly uid?: number;
  readonly gid?: number;
}

/** Lines of output kept for the error message. */
const TAIL = 40;

/**
 * Runs a program to its end; it does not outlive this process.
 * @throws {ProgramFailed} when it cannot be started or ends otherwise than with 0
 */
export async function run(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<void> {
  const { onLine, ...spawnOptions } = options;
  const tail: string[] = [];
  const child = spawn(program, args, { ...spawnOptions, stdio: ["ignore", "pipe", "pipe"] });
  children.add(child);
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      tail.push(line);
      if (tail.length > TAIL) tail.shift();
      onLine?.(line);
    });
  }
  try {
    const exit = await new Promise<number | NodeJS.Signals>((resolve, reject) => {
      child.once("error", (error) => reject(new ProgramFailed(program, 127, error.message)));
      child.once("close", (code, signal) => resolve(code ?? signal ?? 1));
    });
    if (exit !== 0) throw new ProgramFailed(program, exit, tail.join("\n"));
  } finally {
    children.delete(child);
  }
}
