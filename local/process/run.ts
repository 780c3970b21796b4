import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** What ends each program that runs. */
const running = new Set<() => void>();
process.once("exit", () => running.forEach((end) => end()));

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
  /**
   * Prints to this process's own output, and ends with what it starts: the program gets a process
   * group of its own, so that a terminal's Ctrl-C comes to this process alone. @default false
   */
  readonly inherit?: boolean;
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
  const { onLine, inherit = false, ...spawnOptions } = options;
  const tail: string[] = [];
  const output = inherit ? "inherit" : "pipe";
  const child = spawn(program, args, {
    ...spawnOptions,
    detached: inherit,
    stdio: ["ignore", output, output],
  });
  const end = () => (inherit ? killGroup(child) : child.kill("SIGKILL"));
  running.add(end);
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
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
    running.delete(end);
  }
}

/** Kills a process that leads a group, with the group. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
