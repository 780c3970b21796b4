import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { lock } from "proper-lockfile";

/** A holder renews its lock every 2 s; one that was killed loses it after this many milliseconds. */
const STALE_AFTER = 10_000;

/**
 * Runs `work` while no other process runs work under the same lock file.
 *
 * @param path the lock's name in the file system; its folder is made
 * @param onWait called once when somebody else holds the lock
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  onWait: () => void = () => undefined,
): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  const release = await acquire(path, onWait);
  try {
    return await work();
  } finally {
    // A lock that went stale while the machine slept is somebody else's by now.
    await release().catch(() => undefined);
  }
}

async function acquire(path: string, onWait: () => void): Promise<() => Promise<void>> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await lock(path, {
        realpath: false,
        stale: STALE_AFTER,
        update: 2_000,
        // Work under a lock ends in an atomic rename or checks again, so losing it does no harm.
        onCompromised: () => undefined,
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
      if (attempt === 3) onWait();
      await sleep(150);
    }
  }
}
