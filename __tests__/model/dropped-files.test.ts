import { heldBackPatterns, isUnfinished, isUnreadable } from "../../model/dropped-files";

/** Whether one of the patterns, in which `*` is any text, is about all of the path. */
function holdsBack(path: string): boolean {
  const asExpression = (pattern: string) =>
    pattern
      .split("*")
      .map((text) => text.replace(/[.~]/g, "\\$&"))
      .join(".*");
  return heldBackPatterns().some((pattern) => new RegExp(`^${asExpression(pattern)}$`).test(path));
}

test.each([
  [".a.csv", true],
  ["_a.csv", true],
  ["~a.csv", true],
  ["a.csv~", true],
  ["a.csv.tmp", true],
  ["a.csv.TMP", true],
  ["a.csv.part", true],
  ["a.csv.partial", true],
  ["a.csv.filepart", true],
  ["a.csv.crdownload", true],
  ["a.csv.swp", true],
  ["12:30.csv", true],
  ["a.csv", false],
  ["A.CSV.GZ", false],
  ["a_b~c.tmp.csv", false],
])("%s is held back on the laptop and by DataSync: %s", (name, heldBack) => {
  expect(isUnfinished(name) || isUnreadable(name)).toBe(heldBack);
  expect(holdsBack(`/customers/${name}`)).toBe(heldBack);
});
