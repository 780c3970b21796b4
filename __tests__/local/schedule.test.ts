import type { JournalEntry } from "../../local/pipeline/journal";
import { Schedule, type ScheduleOptions, type Task } from "../../local/pipeline/schedule";
import type { Manifest } from "../../model/manifest";
import { freshWithin, references } from "../../model/quality-rules";

const manifest = {
  tables: ["a", "b", "c"].map((name) => ({ name, quality: [], rules: [] })),
  models: [
    { name: "daily", inputs: ["silver.a"], quality: [] },
    { name: "monthly", inputs: ["gold.daily", "silver.b"], quality: [] },
  ],
} as unknown as Manifest;
const options: ScheduleOptions = {
  slots: 2,
  goldEveryMs: 1000,
  goldShare: 0.25,
  choreShare: 0.1,
  choresFrom: 1e9,
  qualityEveryMs: 500,
  timedQualityEveryMs: 10_000,
  maintainEveryMs: 100_000,
  maintainEveryCommits: 3,
  relistEveryMs: 700_000,
};
const silver = (table: string): Task => ({ kind: "silver", table });
const gold = (model: string): Task => ({ kind: "gold", model });

test("the table whose change waits longest goes first, two at a time", () => {
  const schedule = new Schedule(manifest, options);
  schedule.changed("b", 10);
  schedule.changed("a", 5);
  schedule.changed("c", 20);
  expect(schedule.next(30)).toEqual(silver("a"));
  expect(schedule.next(30)).toEqual(silver("b"));
  expect(schedule.next(30)).toBeNull();
  schedule.finished(silver("a"), false, 40);
  expect(schedule.next(40)).toEqual(silver("c"));
});

test("a table that changes while it is applied goes again, not twice at once", () => {
  const schedule = new Schedule(manifest, options);
  schedule.changed("a", 0);
  expect(schedule.next(0)).toEqual(silver("a"));
  schedule.changed("a", 1);
  expect(schedule.next(1)).toBeNull();
  schedule.finished(silver("a"), false, 2);
  expect(schedule.next(2)).toEqual(silver("a"));
});

test("gold follows its changed inputs, each model after those it reads", () => {
  const schedule = new Schedule(manifest, options);
  schedule.finished(silver("a"), true, 0);
  schedule.finished(silver("b"), true, 0);
  expect(schedule.next(0)).toEqual(gold("daily"));
  expect(schedule.next(0)).toBeNull();
  schedule.finished(gold("daily"), true, 1);
  expect(schedule.next(1)).toEqual(gold("monthly"));
  schedule.finished(gold("monthly"), true, 2);
  expect(schedule.next(2)).toBeNull();
});

test("unchanged inputs leave gold alone", () => {
  const schedule = new Schedule(manifest, options);
  schedule.finished(silver("a"), false, 0);
  expect(schedule.next(0)).toBeNull();
  expect(schedule.wakeAt(1e12)).toBeNull();
  expect(schedule.caughtUp).toBe(true);
});

test("while changes wait for silver, gold takes its share of the time and no more", () => {
  const schedule = new Schedule(manifest, { ...options, slots: 1 });
  schedule.finished(silver("a"), true, 0);
  schedule.changed("c", 1);
  expect(schedule.next(1)).toEqual(gold("daily"));
  schedule.finished(gold("daily"), true, 101);
  schedule.changed("b", 101);
  expect(schedule.next(101)).toEqual(silver("c"));
  schedule.finished(silver("c"), false, 200);
  expect(schedule.next(200)).toEqual(silver("b"));
  schedule.changed("c", 201);
  schedule.finished(silver("b"), false, 401);
  expect(schedule.next(401)).toEqual(gold("monthly"));
});

test("a model waits for the models it reads, but not for their next change", () => {
  const schedule = new Schedule(manifest, { ...options, goldEveryMs: 0 });
  schedule.stale("monthly", 5);
  schedule.stale("daily", 5);
  expect(schedule.next(6)).toEqual(gold("daily"));
  schedule.finished(gold("daily"), true, 7);
  schedule.finished(silver("a"), true, 8);
  expect(schedule.next(9)).toEqual(gold("monthly"));
  schedule.finished(gold("monthly"), true, 10);
  expect(schedule.next(11)).toEqual(gold("daily"));
});

test("a model is refreshed at most as often as asked", () => {
  const schedule = new Schedule(manifest, options);
  schedule.finished(silver("a"), true, 0);
  expect(schedule.next(0)).toEqual(gold("daily"));
  schedule.finished(gold("daily"), false, 1);
  schedule.finished(silver("a"), true, 10);
  expect(schedule.next(999)).toBeNull();
  expect(schedule.wakeAt(999)).toBe(1000);
  expect(schedule.caughtUp).toBe(false);
  expect(schedule.next(1000)).toEqual(gold("daily"));
});

describe("chores", () => {
  const ruled = {
    tables: [
      { name: "a", quality: [{ dqdl: 'IsComplete "id"' }], rules: [] },
      { name: "b", quality: [], rules: [] },
    ],
    models: [{ name: "daily", inputs: ["silver.a"], quality: [{ dqdl: "RowCount > 0" }] }],
  } as unknown as Manifest;
  /** Maintained and relisted at this moment. */
  const recently: JournalEntry = {
    maintainedAt: new Date(0).toISOString(),
    relistedAt: new Date(0).toISOString(),
  };
  const make = (last: (relation: string) => JournalEntry = () => recently) =>
    new Schedule(ruled, { ...options, choresFrom: 10 }, last);
  const quality = (relation: string): Task => ({ kind: "quality", relation });
  const maintain = (relation: string): Task => ({ kind: "maintain", relation });

  /** Takes the next task, which must be this one, and ends it. */
  function pass(schedule: Schedule, task: Task, now: number, took = 1, changed = false): void {
    expect(schedule.next(now)).toEqual(task);
    schedule.finished(task, changed, now + took);
  }

  test("rules are judged when a watch begins, then when rows changed, and not too often", () => {
    const schedule = make();
    expect(schedule.next(9)).toBeNull();
    pass(schedule, quality("silver.a"), 10);
    expect(schedule.next(11)).toBeNull();
    expect(schedule.wakeAt(11)).toBe(20);
    pass(schedule, quality("gold.daily"), 20);
    expect(schedule.next(500)).toBeNull();
    schedule.changed("a", 100);
    pass(schedule, silver("a"), 100, 1, true);
    pass(schedule, gold("daily"), 101);
    schedule.changed("b", 102);
    pass(schedule, silver("b"), 102, 1, true);
    expect(schedule.next(509)).toBeNull();
    expect(schedule.wakeAt(509)).toBe(510);
    pass(schedule, quality("silver.a"), 510);
    expect(schedule.next(1500)).toBeNull();
  });

  test("rules are judged again when a table changes that they refer to, or when time has passed", () => {
    const of = (dqdl: string) => [{ dqdl }];
    const lake = {
      tables: [
        { name: "a", quality: of(references("b_id", "b", "id")), rules: [] },
        { name: "b", quality: [], rules: [] },
        { name: "c", quality: of(freshWithin("at", 1)), rules: [] },
      ],
      models: [],
    } as unknown as Manifest;
    const schedule = new Schedule(lake, { ...options, choresFrom: 0 }, () => recently);
    pass(schedule, quality("silver.a"), 0, 0);
    pass(schedule, quality("silver.c"), 0, 0);
    schedule.changed("b", 100);
    pass(schedule, silver("b"), 100, 0, true);
    pass(schedule, quality("silver.a"), 500, 0);
    schedule.changed("c", 600);
    pass(schedule, silver("c"), 600, 0, true);
    pass(schedule, quality("silver.c"), 600, 0);
    expect(schedule.next(10_599)).toBeNull();
    expect(schedule.wakeAt(10_599)).toBe(10_600);
    pass(schedule, quality("silver.c"), 10_600, 0);
    expect(schedule.wakeAt(10_601)).toBe(20_600);
  });

  test("they take their share of the time and no more, one at a time, beside silver", () => {
    const schedule = make();
    schedule.changed("b", 10);
    expect(schedule.next(10)).toEqual(quality("silver.a"));
    expect(schedule.next(10)).toEqual(silver("b"));
    schedule.finished(silver("b"), false, 20);
    schedule.stale("daily", 20);
    expect(schedule.next(20)).toBeNull();
    schedule.finished(quality("silver.a"), false, 110);
    expect(schedule.next(110)).toEqual(gold("daily"));
    schedule.finished(gold("daily"), false, 120);
    expect(schedule.next(1009)).toBeNull();
    expect(schedule.wakeAt(1009)).toBe(1010);
    expect(schedule.next(1010)).toEqual(quality("gold.daily"));
    expect(schedule.caughtUp).toBe(true);
  });

  test("a table is maintained once in the time, by when it last was, and keeps its writer out", () => {
    const longAgo = { ...recently, maintainedAt: new Date(-99_000).toISOString() };
    const schedule = make((relation) => (relation === "silver.b" ? longAgo : recently));
    pass(schedule, quality("silver.a"), 20, 0);
    pass(schedule, quality("gold.daily"), 20, 0);
    expect(schedule.next(999)).toBeNull();
    schedule.changed("b", 999);
    expect(schedule.next(999)).toEqual(silver("b"));
    expect(schedule.next(1000)).toBeNull();
    schedule.finished(silver("b"), false, 1000);
    expect(schedule.next(1000)).toEqual(maintain("silver.b"));
    schedule.changed("b", 1001);
    expect(schedule.next(1001)).toBeNull();
    schedule.finished(maintain("silver.b"), false, 1002);
    expect(schedule.next(1002)).toEqual(silver("b"));
  });

  test("a table that has made many commits is maintained before its time, also those made before", () => {
    const schedule = make((relation) => ({
      ...recently,
      commits: relation === "silver.b" ? 2 : relation === "ops.runs" ? 3 : 0,
    }));
    pass(schedule, quality("silver.a"), 10, 0);
    pass(schedule, quality("gold.daily"), 10, 0);
    pass(schedule, maintain("ops.runs"), 10, 0);
    expect(schedule.next(10)).toBeNull();
    schedule.changed("b", 20);
    pass(schedule, silver("b"), 20, 0, true);
    pass(schedule, maintain("silver.b"), 20, 0);
    schedule.changed("b", 30);
    pass(schedule, silver("b"), 30, 0, true);
    expect(schedule.next(30)).toBeNull();
  });

  test("all of bronze is listed once in the time, which applies what waits too", () => {
    const longAgo = { ...recently, relistedAt: new Date(-699_000).toISOString() };
    const schedule = make((relation) => (relation === "silver.a" ? longAgo : recently));
    pass(schedule, quality("silver.a"), 10, 0);
    pass(schedule, quality("gold.daily"), 10, 0);
    schedule.changed("a", 1000);
    const relist: Task = { kind: "relist", table: "a" };
    expect(schedule.next(1000)).toEqual(relist);
    expect(schedule.next(1000)).toBeNull();
    schedule.finished(relist, true, 1001);
    expect(schedule.next(1001)).toEqual(gold("daily"));
    expect(schedule.next(1001)).toBeNull();
  });
});
