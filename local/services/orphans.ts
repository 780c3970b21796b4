import { setTimeout as sleep } from "node:timers/promises";

import { processesWith, processIdentity } from "../process/identity";
import type { Service } from "./service";

/** Ends the servers of this checkout whose guardian was killed. */
export async function endOrphans(service: Service): Promise<void> {
  for (const { pid } of processesWith(service.marker())) {
    const identity = processIdentity(pid);
    if (identity) await endProcess(pid, identity, service.stop);
  }
}

/** Ends a process by ever harder signals; returns when it is gone. */
export async function endProcess(
  pid: number,
  identity: string,
  signals: Service["stop"],
): Promise<void> {
  const runs = () => processIdentity(pid) === identity;
  for (const { signal, seconds } of [...signals, { signal: "SIGKILL" as const, seconds: 5 }]) {
    if (!runs()) return;
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    for (let waited = 0; waited < seconds * 1000 && runs(); waited += 50) await sleep(50);
  }
}
