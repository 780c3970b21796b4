import { readFileSync } from "node:fs";

import { MAX_HUDI_COMMITS, shortHistory } from "../../model/history-window";
import type { Manifest } from "../../model/manifest";

const lake = (format: "hudi" | "delta", history_days: number) =>
  ({ history_days, tables: [{ format }], models: [] }) as unknown as Manifest;

test("a history of more commits than Hudi keeps is short", () => {
  const perDay = MAX_HUDI_COMMITS / 10;
  expect(shortHistory(lake("hudi", 11), 1440 / perDay)).toBe(10);
  expect(shortHistory(lake("hudi", 10), 1440 / perDay)).toBeUndefined();
  expect(shortHistory(lake("delta", 11), 1440 / perDay)).toBeUndefined();
});

test("the number of commits is that of the Spark application", () => {
  const source = readFileSync("glue-scripts/lakewright/hudi_services.py", "utf8");
  expect(Number(/^_MAX_COMMITS = (\d+)$/m.exec(source)?.[1])).toBe(MAX_HUDI_COMMITS);
});
