import { loadLake } from "../../../lakes/load";
import { connectSource, parseSource } from "../../../local/source/connection";
import { catalogTables } from "../../../model/aws/catalog";
import type { LakeValues } from "../../../model/aws/outputs";
import type { SchemaDifference } from "../../../model/schema-diff";
import { foldersOf } from "../../../model/zones";
import { deployedCli } from "./deployed-cli";
import { outputsFile, TASK_ARN } from "./deployed-values";
import { seededSource } from "./seeded-source";

const { aws, lake } = deployedCli();

jest.setTimeout(120_000);

const url = seededSource();

type Columns = { Name: string; Type: string }[];

/** Differences where the catalog's tables are as the program makes them, `order` with a change. */
async function differences(
  change: (columns: Columns) => Columns,
  outputs: Partial<LakeValues> = {},
): Promise<SchemaDifference[]> {
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
  const line = ["schema", "diff", "--json", "--source", url()];
  return JSON.parse(await lake(line, outputsFile(outputs))) as SchemaDifference[];
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

test.each([
  [false, "with a reload, for AWS DMS is not told of it (replication.captureDdl)"],
  [true, "with the table's next change"],
])("with captureDdl %s an added column flows through %s", async (captureDdl, when) => {
  const client = await connectSource(parseSource(url(), process.env));
  await client.query("ALTER TABLE core_order ADD COLUMN sales_channel text");
  const replication = { kind: "task", arn: TASK_ARN, captureDdl } as const;
  const [found] = await differences((columns) => columns, { replication });
  await client.query("ALTER TABLE core_order DROP COLUMN sales_channel");
  await client.end();
  expect(found).toMatchObject({ column: "sales_channel", meaning: `flows through ${when}` });
});

test("a deployed lake's source must be named", async () => {
  aws.reset({});
  await expect(lake("schema diff")).rejects.toThrow("Give --source or set LAKEWRIGHT_SOURCE");
});
