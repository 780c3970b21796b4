import { InvalidArgumentError } from "commander";

import { day, wholeNumber } from "../../cli/options";
import { printSeedProgress } from "../../cli/seed-progress";
import { printRunningTally } from "../../cli/workload-progress";
import type { SeedProgress } from "../../local/source/seed";

/** A stream that keeps what is written, colours removed. */
function recorder(isTTY: boolean) {
  const written: string[] = [];

  const write = (text: string) => written.push(text.replace(/\x1b\[\d+m/g, "")) > 0;
  return { written, output: { isTTY, write } as unknown as NodeJS.WriteStream };
}

const LOADING: readonly SeedProgress[] = [
  { phase: "rows", table: "core_order", rows: 0, total: 51_200 },
  { phase: "rows", table: "core_order", rows: 20_000, total: 51_200 },
  { phase: "rows", table: "core_order", rows: 51_200, total: 51_200 },
  { phase: "rows", table: "auth_user", rows: 3, total: 3 },
  { phase: "constraints", done: 0, total: 33 },
  { phase: "constraints", done: 33, total: 33 },
];

test("seeding prints a line for each table worth it, and how far it is on a terminal only", () => {
  const plain = recorder(false);
  LOADING.forEach(printSeedProgress(plain.output));
  expect(plain.written).toEqual([
    "✔ core_order: 51,200 rows (0.0 s)\n",
    "✔ keys and indexes: 33 (0.0 s)\n",
  ]);
  const terminal = recorder(true);
  LOADING.forEach(printSeedProgress(terminal.output));
  expect(terminal.written).toEqual([
    "\r\x1b[K… core_order: 0 of 51,200 rows",
    "\r\x1b[K… core_order: 20,000 of 51,200 rows",
    "\r\x1b[K✔ core_order: 51,200 rows (0.0 s)\n",
    "\r\x1b[K… keys and indexes: 0 of 33",
    "\r\x1b[K✔ keys and indexes: 33 (0.0 s)\n",
  ]);
});

test("a workload prints a line every ten seconds, or one that changes on a terminal", () => {
  const tally = (seconds: number) => ({
    kinds: {},
    transactions: 300,
    rows: 1_200,
    conflicts: 0,
    seconds,
  });
  const plain = recorder(false);
  [0, 4, 10, 12, 20.5].map(tally).forEach(printRunningTally(60, plain.output));
  expect(plain.written).toEqual([
    "10 s of 1 min 0 s: 1,200 rows changed in 300 transactions\n",
    "21 s of 1 min 0 s: 1,200 rows changed in 300 transactions\n",
  ]);
  const terminal = recorder(true);
  [0, 4].map(tally).forEach(printRunningTally(60, terminal.output));
  expect(terminal.written).toEqual([
    "\r\x1b[K0.0 s of 1 min 0 s: 1,200 rows changed in 300 transactions",
    "\r\x1b[K4.0 s of 1 min 0 s: 1,200 rows changed in 300 transactions",
  ]);
});

test("options are read strictly", () => {
  expect(wholeNumber(1, 24)("12")).toBe(12);
  for (const text of ["0", "25", "-1", "1.5", "1e1", "", "many"]) {
    expect(() => wholeNumber(1, 24)(text)).toThrow(InvalidArgumentError);
  }
  expect(day("2026-02-28")).toEqual(new Date("2026-02-28T00:00:00Z"));
  for (const text of ["2026-02-30", "28.02.2026", "2026-2-8", ""]) {
    expect(() => day(text)).toThrow(InvalidArgumentError);
  }
});
