import { sampleDrops } from "../../lakes/autocorp/files";
import { type CsvContent, csvLines } from "../../lakes/sample-csv";
import {
  deliveredTwice,
  type DroppedFile,
  emptyFile,
  FLAW_NAMES,
  flawedFiles,
  type FlawName,
} from "../../lakes/sample-file-flaws";
import { loadSampleDrops, type SampleDrop } from "../../lakes/sample-files";
import { Random } from "../../lakes/sample-random";
import {
  badDates,
  changedHeaderOrder,
  duplicateRows,
  extraColumn,
  nulls,
} from "../../lakes/sample-record-flaws";
import {
  byteOrderMark,
  strayQuotes,
  truncatedLastLine,
  windowsLineEnds,
} from "../../lakes/sample-text-flaws";

const HEADER = ["order_id", "order_date", "note"];
const ROWS = 1_000;

function content(rows = ROWS): CsvContent {
  return {
    header: HEADER,
    records: Array.from({ length: rows }, (_, row) => [`${row + 1}`, "2026-11-21", `n${row}`]),
  };
}

const random = () => new Random("test");
const lines = () => csvLines(content());
const rowsOf = (made: CsvContent) => [...made.records].map((record) => [...record]);

test("values are quoted where CSV needs it, and every line ends", () => {
  const records = [["1", 'a "b", c', ""]];
  expect([...csvLines({ header: HEADER, records })]).toEqual([
    "order_id,order_date,note\n",
    '1,"a ""b"", c",\n',
  ]);
  expect([...csvLines(content(12_345))]).toHaveLength(12_346);
});

describe("flaws in records", () => {
  test("duplicate-rows: some rows stand twice, one after the other", () => {
    const made = rowsOf(duplicateRows(content(), random()));
    const again = made.filter((record, index) => record[0] === made[index - 1]?.[0]);
    expect(made.length - again.length).toBe(ROWS);
    expect(again.length).toBeGreaterThan(2);
    expect(again.length).toBeLessThan(12);
  });

  test("nulls: some rows lack one value", () => {
    const made = rowsOf(nulls(content(), random()));
    const poorer = made.filter((record) => record.includes(""));
    expect(poorer.length).toBeGreaterThan(2);
    expect(poorer.every((record) => record.filter((value) => value === "").length === 1)).toBe(
      true,
    );
    expect(made).toHaveLength(ROWS);
  });

  test("bad-dates: some columns of dates hold what is no date, the others stay", () => {
    const made = rowsOf(badDates(content(), random()));
    const bad = made.filter(([, date]) => date !== "2026-11-21");
    expect(bad.length).toBeGreaterThan(2);
    expect(bad.some(([, date]) => Number.isNaN(Date.parse(`${date}`)))).toBe(true);
    expect(made.map(([id, , note]) => [id, note])).toEqual(
      rowsOf(content()).map(([id, , note]) => [id, note]),
    );
    const undated = { header: ["id"], records: [["1"]] };
    expect(badDates(undated, random())).toBe(undated);
  });

  test("changed-header-order: header and values change place together", () => {
    const made = changedHeaderOrder(content(), new Random("other order"));
    expect(made.header).not.toEqual(HEADER);
    const inOrder = HEADER.map((name) => made.header.indexOf(name));
    expect(rowsOf(made).map((record) => inOrder.map((index) => record[index]))).toEqual(
      rowsOf(content()),
    );
  });

  test("extra-column: a column more, the others as they were", () => {
    const made = extraColumn(content(), random());
    expect(made.header).toEqual([...HEADER, "loyalty_tier"]);
    const records = rowsOf(made);
    expect(records.map((record) => record.slice(0, 3))).toEqual(rowsOf(content()));
    expect(new Set(records.map((record) => record[3]))).toEqual(
      new Set(["", "A", "B", "see, note"]),
    );
  });
});

describe("flaws in text", () => {
  test("stray-quotes: some lines, never the header, hold one quote more", () => {
    const made = [...strayQuotes(lines(), random())];
    const quoted = made.filter((line) => line.includes('"'));
    expect(quoted.length).toBeGreaterThan(2);
    expect(quoted.every((line) => line.split('"').length === 2)).toBe(true);
    expect(made[0]).toBe("order_id,order_date,note\n");
    expect(made.map((line) => line.replace('"', ""))).toEqual([...lines()]);
  });

  test("truncated-last-line: the last line ends in its middle", () => {
    const made = [...truncatedLastLine(lines())];
    expect(made.slice(0, -1)).toEqual([...lines()].slice(0, -1));
    expect(made.at(-1)).toBe("1000,2026-");
  });

  test("windows-line-ends: every line ends by CR and LF", () => {
    const made = [...windowsLineEnds(lines())].join("");
    expect(made.replaceAll("\r\n", "\n")).toBe([...lines()].join(""));
    expect(made.match(/[^\r]\n/)).toBeNull();
  });

  test("byte-order-mark: one, at the beginning", () => {
    const made = [...byteOrderMark(lines())].join("");
    expect(made).toBe(`\uFEFF${[...lines()].join("")}`);
    expect([...byteOrderMark([])]).toEqual([]);
  });
});

describe("flaws in delivery", () => {
  const file: DroppedFile = { name: "orders.csv", flaws: ["nulls"], text: lines };
  const textOf = (one: DroppedFile | undefined) => [...(one as DroppedFile).text()].join("");

  test("delivered-twice: the same bytes under another name", () => {
    const files = deliveredTwice([file]);
    expect(files.map(({ name, flaws }) => [name, flaws])).toEqual([
      ["orders.csv", ["nulls"]],
      ["orders-again.csv", ["nulls", "delivered-twice"]],
    ]);
    expect(textOf(files[1])).toBe(textOf(file));
  });

  test("empty-file: a file without a byte beside the file", () => {
    const files = emptyFile([file]);
    expect(files.map(({ name }) => name)).toEqual(["orders.csv", "orders-empty.csv"]);
    expect(textOf(files[1])).toBe("");
  });
});

describe("a file with flaws", () => {
  const made = (flaws: readonly FlawName[]) => flawedFiles("orders.csv", content, flaws, 1);

  test("has all of them at once, the mark before everything else", () => {
    const files = made(FLAW_NAMES);
    expect(files.map(({ name }) => name)).toEqual([
      "orders.csv",
      "orders-empty.csv",
      "orders-again.csv",
    ]);
    const text = [...(files[0] as DroppedFile).text()].join("");
    expect(text).toMatch(/^\uFEFF(order_id|order_date|note|loyalty_tier)(,\w+){3}\r\n/);
    expect(text).not.toMatch(/\n$/);
  });

  test("is the same whenever it is read, and none but its own text without flaws", () => {
    const [file] = made(["duplicate-rows", "nulls", "stray-quotes"]);
    const text = [...(file as DroppedFile).text()].join("");
    expect([...(file as DroppedFile).text()].join("")).toBe(text);
    expect([...(made([])[0] as DroppedFile).text()].join("")).toBe([...lines()].join(""));
  });

  test("has no name of a flaw that is none", () => {
    expect(FLAW_NAMES).toHaveLength(11);
    expect(new Set(sampleDrops.flatMap(({ flaws }) => everyTurn(flaws)))).toEqual(
      new Set(FLAW_NAMES),
    );
  });

  function everyTurn(flaws: SampleDrop["flaws"]): FlawName[] {
    return Array.from({ length: 20 }, (_, sequence) => flaws(sequence)).flat();
  }
});

describe("the drops of AutoCorp", () => {
  const at = new Date("2026-11-22T01:30:05Z");
  const [customers, salesOrders] = sampleDrops as [SampleDrop, SampleDrop];
  const records = (drop: SampleDrop, rows: number, sequence = 0, seed = 1) =>
    rowsOf(drop.content({ rows, seed, at, sequence }));

  test("are the customers of 1.2 million rows, and files of orders that carry their time", () => {
    expect([customers.name, customers.rows]).toEqual(["customers", 1_200_000]);
    expect(customers.fileName(at, 0)).toBe("customers.csv");
    expect(customers.fileName(at, 1)).toBe("customers_20261122-013005.csv");
    expect(salesOrders.fileName(at, 4)).toBe("sales_orders-20261122-013005.csv");
    for (const { fileName, names } of sampleDrops) {
      const made = [0, 1, 2].map((number) =>
        fileName(new Date(at.getTime() + number * 1e3), number),
      );
      expect(made.toSorted()).toEqual(made);
      expect(made.every((name) => names.test(name))).toBe(true);
    }
    expect(() => loadSampleDrops("saas")).toThrow("expected lakes/saas/files/index.ts");
  });

  test("are the same for the same request, and others for another seed", () => {
    for (const drop of sampleDrops) {
      expect(records(drop, 50)).toEqual(records(drop, 50));
      expect(records(drop, 50, 0, 2)).not.toEqual(records(drop, 50));
      expect(records(drop, 50)).toHaveLength(50);
    }
  });

  test("number customers through, and their header names columns that silver reads", () => {
    const ids = records(customers, 100).map(([id]) => Number(id));
    expect(ids).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  });

  test("tell of orders of their own, of the file before, and of the database", () => {
    const blocks = (sequence: number) =>
      records(salesOrders, 500, sequence).map(([id]) => Math.floor(Number(id) / 1_000_000));
    expect(new Set(blocks(0))).toEqual(new Set([0, 10]));
    expect(new Set(blocks(3))).toEqual(new Set([0, 12, 13]));
    expect(() => records(salesOrders, 1_000_001)).toThrow(RangeError);
  });

  test("hold orders of the week before the file", () => {
    const days = records(salesOrders, 500).map(([, , date]) => `${date}`);
    expect(days.every((day) => day >= "2026-11-15" && day <= "2026-11-22")).toBe(true);
  });
});
