import { addMonths } from "../../lakes/sample-calendar";
import {
  centsText,
  copyRow,
  copyText,
  dateText,
  DAY,
  timestampText,
} from "../../lakes/sample-text";

test("COPY text escapes what separates, and keeps null, empty and backslash-N apart", () => {
  expect(copyText("a\tb\nc\rd\\e")).toBe("a\\tb\\nc\\rd\\\\e");
  expect([copyText(null), copyText(""), copyText("\\N")]).toEqual(["\\N", "", "\\\\N"]);
  expect(copyRow(1, copyText("x\ty"), copyText(null))).toBe("1\tx\\ty\t\\N\n");
});

test("timestamps keep their microseconds", () => {
  const midnight = Date.parse("2026-02-28T00:00:00Z") * 1000;
  expect(timestampText(midnight)).toBe("2026-02-28 00:00:00.000000+00");
  expect(timestampText(midnight + DAY - 1)).toBe("2026-02-28 23:59:59.999999+00");
  expect(timestampText(midnight + 3_661_000_042)).toBe("2026-02-28 01:01:01.000042+00");
  expect(dateText(midnight - 1)).toBe("2026-02-27");
});

test("amounts are written exactly", () => {
  expect([0, 5, 1230, -5, -199_999, 2_147_483_647].map(centsText)).toEqual([
    "0.00",
    "0.05",
    "12.30",
    "-0.05",
    "-1999.99",
    "21474836.47",
  ]);
});

test("months are counted as billing counts them", () => {
  const at = (text: string) => Date.parse(`${text}Z`) * 1000;
  expect(addMonths(at("2026-01-31T10:00:00"), 1)).toBe(at("2026-02-28T10:00:00"));
  expect(addMonths(at("2026-03-15T10:00:00"), -12)).toBe(at("2025-03-15T10:00:00"));
  expect(addMonths(at("2024-01-29T00:00:00"), 1)).toBe(at("2024-02-29T00:00:00"));
});
