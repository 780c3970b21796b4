import { tenantName, tenantNames } from "../../../model/aws/tenant-names";

test("an id keeps its letters and digits, and nothing else that a workgroup's name refuses", () => {
  expect(tenantName("3")).toBe("3");
  expect(tenantName("acme-west")).toBe("acme-west");
  expect(tenantName("Acme & Co")).toBe("Acme_20_26_20Co");
  expect(tenantName("ü")).toBe("_c3_bc");
  expect(tenantName("_20")).toBe("_5f20");
});

test("a long id is cut to 24 characters and still told apart", () => {
  const [one, other] = [
    "3f2b8c1e-5d4a-4b6f-9a77-0123456789ab",
    "3f2b8c1e-5d4a-4b6f-9a77-0123456789ac",
  ].map(tenantName);
  expect(one).toMatch(/^3f2b8c1e-5d4a-4-[0-9a-f]{8}$/);
  expect(one).toHaveLength(24);
  expect(other).not.toBe(one);
});

test("tenants that share a name are refused", () => {
  expect([...tenantNames(["3", "a b"])]).toEqual([
    ["3", "3"],
    ["a b", "a_20b"],
  ]);
  expect(() => tenantNames(["3", "3"])).toThrow('"3" is there twice');
  expect(() => tenantNames(["Acme", "acme"])).toThrow('"Acme" and "acme" share a name');
  expect(() => tenantNames([""])).toThrow("found an empty one");
});
