import { sparkType } from "../../model/source-types";

test.each([
  ["bigint", "bigint"],
  ["integer", "int"],
  ["varchar(40)", "string"],
  ["character varying(40)", "string"],
  ["char(2)", "string"],
  ["numeric(12,2)", "decimal(12,2)"],
  ["numeric(12, 2)", "decimal(12,2)"],
  ["numeric(5)", "decimal(5,0)"],
  ["timestamptz", "timestamp"],
  ["timestamp(3) with time zone", "timestamp"],
  ["timestamp without time zone", "timestamp"],
  ["double precision", "double"],
  ["jsonb", "string"],
  ["text[]", "string"],
  ["time", "string"],
  ["time(3) with time zone", "string"],
  ["money", "string"],
  ["bit varying(8)", "string"],
  ["oid", "bigint"],
])("%s arrives as %s", (source, spark) => {
  expect(sparkType(source)).toEqual({ sparkType: spark });
});

test("what cannot be carried is refused with the reason", () => {
  expect(sparkType("numeric(40,2)")).toEqual({
    problem: '"numeric(40,2)" does not fit: precision at most 38, scale at most precision',
  });
  expect(sparkType("order_status")).toEqual({
    problem:
      'type "order_status" is not a PostgreSQL type that the lake can carry; declare an enumeration or other type as text',
  });
});
