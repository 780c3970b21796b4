import { type SchemaDifference, schemaDifferences } from "../../model/schema-diff";
import { holds } from "../../model/wider-type";
import { table } from "../local/replication-harness";

const service = table(
  "service",
  { id: "bigint", name: "string", price: "decimal(10,2)" },
  {
    columns: [
      { name: "id", type: "bigint" },
      { name: "name", type: "string" },
      { name: "price", type: "decimal(10,2)" },
    ],
  },
);
const SOURCE = [
  { name: "id", type: "bigint" },
  { name: "name", type: "character varying(80)" },
  { name: "price", type: "numeric(10,2)" },
];
const STORED = [...service.columns, { name: "_lw_order", type: "string" }];

const short = ({ column, effect, breaksReaders, meaning }: SchemaDifference) =>
  `${column} ${effect}${breaksReaders ? " breaks" : ""}: ${meaning}`;
const diff = (...args: Parameters<typeof schemaDifferences>) =>
  schemaDifferences(...args).map(short);

test("what is the same everywhere has no differences, before and after the first run", () => {
  expect(diff(service, SOURCE, STORED)).toEqual([]);
  expect(diff(service, SOURCE, undefined)).toEqual([]);
});

test("an added column flows through, or is ignored where evolution is strict", () => {
  const source = [...SOURCE, { name: "warranty", type: "integer" }];
  expect(diff(service, source, STORED)).toEqual([
    "warranty follows: flows through with the table's next change",
  ]);
  expect(diff(service, source, STORED, "reload")).toEqual([
    "warranty follows: flows through with a reload, for AWS DMS is not told of it (replication.captureDdl)",
  ]);
  expect(diff(service, source, [...STORED, { name: "warranty", type: "int" }])).toEqual([
    expect.stringMatching(/^warranty follows: flows through; declare it/),
  ]);
  expect(diff({ ...service, evolution: "strict" }, source, STORED)).toEqual([
    expect.stringMatching(/^warranty none: is ignored/),
  ]);
});

test("a dropped column breaks readers, a renamed one is recognised, a key stops the table", () => {
  const renamed = SOURCE.map((column) =>
    column.name === "price" ? { ...column, name: "prices" } : column,
  );
  expect(diff(service, renamed, STORED)).toEqual([
    expect.stringMatching(/^prices follows/),
    expect.stringMatching(/^price act breaks: is null from now on; .* if it is prices now/),
  ]);
  expect(diff(service, SOURCE.slice(1), STORED)).toEqual([
    expect.stringMatching(/^id act breaks: is a key column/),
  ]);
});

test.each([
  ["numeric(14,2)", /^price follows: widens to decimal\(14,2\)/],
  ["text", /^price act breaks: stops the table, for string does not become decimal\(10,2\)/],
  ["date", /^price act breaks: stops the table, for date does not become decimal\(10,2\)/],
  ["numeric(14,0)", /^price act breaks: stops the table/],
])("a type that became %s", (type, expected) => {
  const source = SOURCE.map((column) => (column.name === "price" ? { ...column, type } : column));
  expect(diff(service, source, STORED)).toEqual([expect.stringMatching(expected)]);
});

test("what silver has and its definition has no more breaks readers", () => {
  const stored = [...STORED.filter(({ name }) => name !== "price"), { name: "old", type: "int" }];
  expect(diff(service, SOURCE, stored)).toEqual([
    "old follows breaks: is in silver alone: it goes when the table is next made anew",
    "price follows: is in silver with the next run, which makes the table anew",
  ]);
});

test("a table that the source does not have is told as one", () => {
  expect(diff(service, undefined, STORED)).toEqual([
    expect.stringMatching(/^null act breaks: the source has no public\.service/),
  ]);
});

test("types hold each other as silver's do", () => {
  expect(holds("bigint", "int") && holds("decimal(12,2)", "int")).toBe(true);
  expect(holds("decimal(10,2)", "bigint") || holds("float", "double")).toBe(false);
  expect(holds("string", "timestamp") && !holds("string", "array<int>")).toBe(true);
});
