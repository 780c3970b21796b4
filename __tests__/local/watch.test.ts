import { setTimeout as sleep } from "node:timers/promises";

import type { Pipeline } from "../../local/pipeline/pipeline";
import type { MaintenanceResult, RuleResult, TableResult } from "../../local/pipeline/results";
import { Watch } from "../../local/pipeline/watch";
import type { Manifest } from "../../model/manifest";

const manifest = {
  tables: [{ name: "orders", quality: [{ dqdl: 'IsComplete "id"' }], rules: [] }],
  models: [{ name: "daily", inputs: ["silver.orders"], quality: [] }],
} as unknown as Manifest;
const schedule = {
  slots: 2,
  goldEveryMs: 0,
  goldShare: 1,
  choreShare: 1,
  choresFrom: 0,
  qualityEveryMs: 60_000,
  timedQualityEveryMs: 60_000,
  maintainEveryMs: 60_000,
  maintainEveryCommits: 2,
  relistEveryMs: 60_000,
};

/** A pipeline that notes what it was asked for. */
function fake(last: Record<string, string>) {
  const asked: unknown[] = [];
  const pipeline = {
    journal: { of: () => ({ commits: 0, ...last }) },
    silver: async (tables: string[], _: unknown, relist: boolean) => {
      asked.push(["silver", tables, relist]);
      return [{ table: "orders", status: "applied" } as TableResult];
    },
    gold: async ({ models }: { models: string[] }) => {
      asked.push(["gold", models]);
      return [{ model: "daily", status: "idle", upserts: 0, deletes: 0 }];
    },
    quality: async (layer: string, _: unknown, tables: string[]) => {
      asked.push(["quality", layer, tables]);
      return [{ table: "orders", outcome: "failed" } as RuleResult];
    },
    maintain: async (tables: string[], onTable?: (result: MaintenanceResult) => void) => {
      asked.push(["maintain", tables]);
      onTable?.({ layer: "silver", table: "orders" } as MaintenanceResult);
      return [];
    },
  };
  return { asked, pipeline: pipeline as unknown as Pipeline };
}

test("a table with many commits is maintained, what changed is judged, gold follows", async () => {
  const now = new Date().toISOString();
  const { asked, pipeline } = fake({ maintainedAt: now, relistedAt: now });
  const onQuality = jest.fn();
  const onMaintained = jest.fn();
  const watch = new Watch({ manifest, pipeline, schedule, onQuality, onMaintained });
  watch.changed("orders");
  await sleep(20);
  watch.changed("orders");
  await sleep(50);
  await watch.stop();
  expect(watch.failure).toBeUndefined();
  expect(asked.filter((each) => (each as string[])[0] === "silver")).toEqual([
    ["silver", ["orders"], false],
    ["silver", ["orders"], false],
  ]);
  expect(asked).toContainEqual(["gold", ["daily"]]);
  expect(asked.filter((each) => (each as string[])[0] === "quality")).toEqual([
    ["quality", "silver", ["orders"]],
  ]);
  expect(asked.filter((each) => (each as string[])[0] === "maintain")).toEqual([
    ["maintain", ["silver.orders"]],
  ]);
  expect(onQuality).toHaveBeenCalledTimes(1);
  expect(onMaintained).toHaveBeenCalledTimes(1);
});

test("what is overdue when a watch begins is made up for", async () => {
  const { asked, pipeline } = fake({
    maintainedAt: new Date(0).toISOString(),
    relistedAt: new Date(0).toISOString(),
  });
  const caughtUp = jest.fn();
  const watch = new Watch({ manifest, pipeline, schedule, onCaughtUp: caughtUp });
  watch.stale("daily");
  await sleep(100);
  await watch.stop();
  const maintained = asked.filter((each) => (each as string[])[0] === "maintain");
  expect(maintained).toHaveLength(4);
  expect(asked).toContainEqual(["silver", ["orders"], true]);
  expect(caughtUp).toHaveBeenCalled();
});

test("a failure is tried again and told once, later where the user must mend it", async () => {
  const now = new Date().toISOString();
  const { pipeline } = fake({ maintainedAt: now, relistedAt: now });
  const failures = ["bug", "bug", "user", "user"].map((kind) => ({
    table: "orders",
    status: "failed",
    error: `a mistake of kind ${kind}`,
    kind,
  }));
  const tried: string[] = [];
  pipeline.silver = async () => {
    tried.push(failures[0]!.kind);
    return [(failures.length > 1 ? failures.shift() : failures[0]) as TableResult];
  };
  const told: TableResult[] = [];
  const onSilver = (result: TableResult) => void told.push(result);
  const options = { manifest, pipeline, schedule, onSilver };
  const watch = new Watch({ ...options, retryMs: 5, retryMendedMs: 60_000 });
  watch.changed("orders");
  await sleep(100);
  expect(tried).toEqual(["bug", "bug", "user"]);
  watch.changed("orders");
  await sleep(20);
  await watch.stop();
  expect(tried).toEqual(["bug", "bug", "user", "user"]);
  expect(told.map(({ error }) => error)).toEqual([
    "a mistake of kind bug",
    "a mistake of kind user",
  ]);
});
