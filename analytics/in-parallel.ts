/** Queries that run at once; the local Trino has as many threads as the machine has cores. */
const AT_ONCE = 4;

/** Does the work for each item, a few at a time; the first error ends it and is thrown. */
export async function inParallel<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  const worker = async () => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
