import { loadLake } from "../../../lakes/load";
import { catalogTables } from "../../../model/aws/catalog";
import type { SchemaDifference } from "../../../model/schema-diff";
import { foldersOf } from "../../../model/zones";
import { deployedCli } from "./deployed-cli";
import { seededSource } from "./seeded-source";

const { aws, lake } = deployedCli();

jest.setTimeout(120_000);

const url = seededSource();

type Columns = { Name: string; Type: string }[];

/** Differences where the catalog's tables are as the program makes them, `order` with a change. */
async function differences(change: (columns: Columns) => Columns): Promise<SchemaDifference[]> {
  const { manifest } = loadLake("saas");
  const tables = catalogTables(manifest, "e0001", foldersOf(undefined, "per-content"));
  const glue = (columns: readonly { name: string; type: string }[]) =>
    columns.map(({ name, type }) => ({ Name: name, Type: type }));
  const TableList = tables
    .filter(({ layer }) => layer === "silver")
    .map(({ name, columns, partitionKeys }) => ({
      Name: name,
      StorageDescriptor: {
        Columns: name === "core_order" ? change(glue(columns)) : glue(columns),
      },
      PartitionKeys: glue(partitionKeys),
    }));
  aws.reset({ GetTables: () => ({ TableList }) });
  return JSON.parse(
    await lake(["schema", "diff", "--json", "--source", url()]),
  ) as SchemaDifference[];
}

test("the catalog as the program makes it has no differences, nor has a source of that schema", async () => {
  expect(await differences((columns) => columns)).toEqual([]);
  expect(aws.inputs("GetTables")).toEqual([{ DatabaseName: "saas_dev_silver" }]);
  expect(process.exitCode).toBeUndefined();
});

test("a column that only the catalog has, and one that it lacks, are told of", async () => {
  const found = await differences((columns) => [
    ...columns.filter(({ Name }) => Name !== "status"),
    { Name: "old_status", Type: "string" },
  ]);
  expect(found).toEqual([
    expect.objectContaining({ column: "old_status", silver: "string", breaksReaders: true }),
    expect.objectContaining({ column: "status", definition: "string", silver: null }),
  ]);
  expect(process.exitCode).toBe(1);
});

test("a deployed lake's source must be named", async () => {
  aws.reset({});
  await expect(lake("schema diff")).rejects.toThrow("Give --source or set LAKEWRIGHT_SOURCE");
});
