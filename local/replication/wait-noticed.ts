import type { OnProgress } from "./progress";

const PATIENCE_MS = 3_000;

/** Waits for a slot's snapshot, saying so when it takes long: running transactions hold it up. */
export async function waitNoticed<T>(work: Promise<T>, onProgress: OnProgress): Promise<T> {
  const timer = setTimeout(() => {
    onProgress({
      event: "waiting",
      reason: "for transactions that run in the source: a snapshot begins when they have ended",
    });
  }, PATIENCE_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}
