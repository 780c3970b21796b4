import { contains, overlap, parseCidr } from "../../model/cidr";

const range = (text: string) => parseCidr(text, "block");

test("a range is its first address and the bits that its addresses share", () => {
  expect(range("10.40.0.0/16")).toEqual({ first: 0x0a280000, prefix: 16 });
  expect(range("0.0.0.0/0")).toEqual({ first: 0, prefix: 0 });
  expect(range("255.255.255.255/32").first).toBe(2 ** 32 - 1);
});

test("what is no range is refused by the name of its setting", () => {
  for (const text of ["10.40.0.0", "10.40.0.256/32", "10.40.0.0/33", "10.40.1.0/16", ""]) {
    expect(() => range(text)).toThrow(
      `block is "${text}"; expected a range of IPv4 addresses, as 10.40.0.0/16`,
    );
  }
});

test("a range contains itself and smaller ones in it, and overlaps with what it contains", () => {
  const [outer, inner, beside] = ["10.0.0.0/8", "10.1.0.0/16", "11.0.0.0/8"].map(range);
  expect(contains(outer!, outer!)).toBe(true);
  expect(contains(outer!, inner!)).toBe(true);
  expect(contains(inner!, outer!)).toBe(false);
  expect(overlap(inner!, outer!)).toBe(true);
  expect(overlap(outer!, beside!)).toBe(false);
});
