import { latencies, quantile } from "../../cli/latency";

test("a quantile is the least value that so large a share of the values does not exceed", () => {
  const values = Array.from({ length: 20 }, (_, i) => 20 - i);
  expect(quantile(values, 0.5)).toBe(10);
  expect(quantile(values, 0.95)).toBe(19);
  expect(quantile(values, 1)).toBe(20);
  expect(quantile([3], 0.95)).toBe(3);
});

test("latencies are those of the changes given", () => {
  const probes = [3, 1, 2].map((seconds) => ({ table: "t", seconds, after: 0 }));
  expect(latencies(probes)).toEqual({ changes: 3, median: 2, p95: 3, slowest: 3 });
});
