import { hiveType } from "../../model/hive-types";

test.each([
  ["bigint", "bigint"],
  ["integer", "int"],
  ["Decimal(12, 2)", "decimal(12,2)"],
  ["timestamp_ntz", "timestamp"],
  ["array<decimal(10,4)>", "array<decimal(10,4)>"],
  ["map<string,array<long>>", "map<string,array<bigint>>"],
  [
    "struct<a:int,b:struct<c:decimal(12,2),d:map<string,date>>,e:array<string>>",
    "struct<a:int,b:struct<c:decimal(12,2),d:map<string,date>>,e:array<string>>",
  ],
  ["varchar(20)", "varchar(20)"],
])("%s is %s", (spark, hive) => {
  expect(hiveType(spark)).toBe(hive);
});

test.each(["interval day to second", "void", "array<variant>"])("%s is refused", (spark) => {
  expect(() => hiveType(spark)).toThrow("Hive has no column type");
});
