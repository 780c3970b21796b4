import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** A process to be found again: by its pid, and by what tells it from a later one with that pid. */
export interface ProcessRef {
  readonly pid: number;
  readonly identity: string;
}

/** A running process as the operating system lists it. */
export interface ProcessEntry {
  readonly pid: number;
  readonly command: string;
}

/**
 * When the process started, as an opaque string that tells two processes with one pid apart.
 * `undefined` when it does not run, or only waits for its parent to collect it.
 */
export function processIdentity(pid: number): string | undefined {
  if (process.platform === "linux") return linuxIdentity(pid);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return undefined;
  }
  const { stdout } = spawnSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], {
    encoding: "utf8",
  });
  const [state, ...started] = stdout.trim().split(/\s+/);
  return !state || state.startsWith("Z") ? undefined : started.join(" ");
}

function linuxIdentity(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field, the program's name, may hold blanks and parentheses.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, startTime] = [fields[0], fields[19]];
    return state === "Z" || state === "X" ? undefined : startTime;
  } catch {
    return undefined;
  }
}

/** @param pid of a process that runs */
export function processRef(pid: number): ProcessRef {
  return { pid, identity: processIdentity(pid) ?? "" };
}

export const thisProcess = (): ProcessRef => processRef(process.pid);

/** Whether the very process still runs. */
export function isAlive({ pid, identity }: ProcessRef): boolean {
  return processIdentity(pid) === identity;
}

export function isSameProcess(one: ProcessRef, other: ProcessRef): boolean {
  return one.pid === other.pid && one.identity === other.identity;
}

/** Processes whose command line contains `marker`. */
export function processesWith(marker: string): ProcessEntry[] {
  const all = process.platform === "linux" ? linuxProcesses() : psProcesses();
  return all.filter(({ command, pid }) => pid !== process.pid && command.includes(marker));
}

function linuxProcesses(): ProcessEntry[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ");
        return [{ pid: Number(name), command }];
      } catch {
        return [];
      }
    });
}

function psProcesses(): ProcessEntry[] {
  const { stdout } = spawnSync("ps", ["-axwwo", "pid=,args="], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout.split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+(.*)$/.exec(line);
    return match ? [{ pid: Number(match[1]), command: match[2] as string }] : [];
  });
}
