import { Schedule, type Task } from "../../local/pipeline/schedule";
import type { Manifest } from "../../model/manifest";

const manifest = {
  tables: [{ name: "a" }, { name: "b" }, { name: "c" }],
  models: [
    { name: "daily", inputs: ["silver.a"] },
    { name: "monthly", inputs: ["gold.daily", "silver.b"] },
  ],
} as unknown as Manifest;
const options = { slots: 2, goldEveryMs: 1000, goldShare: 0.25 };
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
  expect(schedule.wakeAt()).toBeNull();
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
  expect(schedule.wakeAt()).toBe(1000);
  expect(schedule.next(1000)).toEqual(gold("daily"));
});
