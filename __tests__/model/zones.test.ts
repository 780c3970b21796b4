import type { Zones } from "../../model/definition";
import { foldersOf, rootOf, tableFolder, zoneProblems } from "../../model/zones";

const ZONES: Zones = {
  database: "raw/database",
  files: "raw/csv",
  silver: "curated/{format}",
  gold: "analytics/{format}",
};

test("without zones contents lie side by side, on AWS in a bucket each", () => {
  const sideBySide = {
    bronze: "bronze",
    files: "files",
    silver: "silver",
    gold: "gold",
    ops: "ops",
  };
  expect(foldersOf(undefined, "laptop")).toEqual(sideBySide);
  expect(foldersOf(undefined, "one")).toEqual(sideBySide);
  expect(foldersOf(undefined, "per-content")).toEqual({
    bronze: "",
    files: "files",
    silver: "",
    gold: "",
    ops: "",
  });
});

test.each(["laptop", "per-content", "one"] as const)("zones are the folders: %s", (storage) => {
  const { ops, ...rest } = foldersOf(ZONES, storage);
  expect(rest).toEqual({
    bronze: "raw/database",
    files: "raw/csv",
    silver: "curated/{format}",
    gold: "analytics/{format}",
  });
  expect(ops).toBe(storage === "per-content" ? "" : "ops");
});

test("a zone that is not named has its default", () => {
  expect(foldersOf({ files: "raw/csv" }, "per-content")).toMatchObject({
    bronze: "",
    files: "raw/csv",
    silver: "",
  });
});

test("a table is in the folder of its format, where the zone has them", () => {
  const orders = { name: "orders", format: "delta" } as const;
  expect(tableFolder(foldersOf(ZONES, "one"), "silver", orders)).toBe("curated/delta/orders");
  expect(tableFolder(foldersOf({}, "one"), "gold", orders)).toBe("gold/orders");
  expect(tableFolder(foldersOf({}, "per-content"), "silver", orders)).toBe("orders");
});

test("the root of a zone holds the tables of all formats", () => {
  expect(["curated/{format}", "raw/database", ""].map(rootOf)).toEqual([
    "curated",
    "raw/database",
    "",
  ]);
});

test("zones lie apart from each other and from what the lake has itself", () => {
  expect(zoneProblems(ZONES)).toEqual([]);
  expect(zoneProblems({})).toEqual([]);
  expect(zoneProblems({ database: "raw", files: "raw/csv" })).toEqual([
    ["files", '"raw/csv" and "raw" of database lie in one another; expected a folder of its own'],
  ]);
  // "rawest" is not in "raw".
  expect(zoneProblems({ database: "raw", files: "rawest" })).toEqual([]);
  expect(zoneProblems({ silver: "curated/{format}", gold: "curated/marts" })).toEqual([
    [
      "gold",
      '"curated/marts" and "curated" of silver lie in one another; expected a folder of its own',
    ],
  ]);
  expect(zoneProblems({ silver: "gold" }).map(([zone]) => zone)).toEqual(["gold"]);
  expect(zoneProblems({ database: "ops/database", files: "e0001" })).toEqual([
    ["database", 'begins with "ops", which the lake uses itself; expected another'],
    ["files", 'begins with "e0001", which the lake uses itself; expected another'],
  ]);
});
