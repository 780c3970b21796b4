import { apportion, cumulate, Random } from "../../lakes/sample-random";

const draw = <T>(count: number, next: () => T): T[] => Array.from({ length: count }, next);

describe("Random", () => {
  test("gives a fixed series for a seed", () => {
    const random = new Random(42);
    expect(draw(4, () => random.int(0, 999))).toEqual([149, 785, 591, 78]);
  });

  test("forks series that the parent's draws do not move", () => {
    const quiet = new Random(1).fork("orders");
    const parent = new Random(1);
    parent.next();
    const other = parent.fork("orders");
    expect(draw(5, () => other.next())).toEqual(draw(5, () => quiet.next()));
    expect(new Random(1).fork("items").next()).not.toBe(new Random(1).fork("orders").next());
  });

  test("spreads evenly, within bounds", () => {
    const random = new Random("even");
    const counts = [0, 0, 0, 0, 0];
    for (let i = 0; i < 50_000; i++) counts[random.int(3, 7) - 3]! += 1;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });

  test("weighs choices by their share and never takes one of no weight", () => {
    const random = new Random("weights");
    const totals = cumulate([1, 0, 3]);
    const counts = [0, 0, 0];
    for (let i = 0; i < 40_000; i++) counts[random.weighted(totals)]! += 1;
    expect(counts[1]).toBe(0);
    expect(Math.abs((counts[2] as number) - 30_000)).toBeLessThan(500);
  });

  test("has the mean and the median that it is asked for", () => {
    const random = new Random("means");
    const waits = draw(50_000, () => random.exponential(20));
    expect(Math.abs(waits.reduce((sum, wait) => sum + wait, 0) / waits.length - 20)).toBeLessThan(
      0.5,
    );
    const sizes = draw(50_001, () => random.logNormal(0.9)).sort((a, b) => a - b);
    expect(Math.abs((sizes[25_000] as number) - 1)).toBeLessThan(0.03);
  });

  test("shuffles without losing anything", () => {
    const list = draw(100, () => 0).map((_, index) => index);
    const shuffled = new Random(3).shuffle([...list]);
    expect(shuffled).not.toEqual(list);
    expect(shuffled.sort((a, b) => a - b)).toEqual(list);
  });

  test("makes version 4 UUIDs, none twice", () => {
    const random = new Random(9);
    const ids = draw(10_000, () => random.uuid());
    expect(new Set(ids).size).toBe(10_000);
    for (const id of ids) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });
});

describe("apportion", () => {
  test("splits exactly, in proportion, with a least part", () => {
    expect(apportion(100, [3, 1], 0)).toEqual([75, 25]);
    expect(apportion(10, [1, 1, 1], 0)).toEqual([4, 3, 3]);
    expect(apportion(10, [100, 1, 1], 2)).toEqual([6, 2, 2]);
    expect(() => apportion(5, [1, 1, 1], 2)).toThrow("5 cannot be split into 3 parts of 2");
  });
});
