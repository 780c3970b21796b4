import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import type * as pulumi from "@pulumi/pulumi";

import { withStandInJars } from "../../cli/stand-in-jars";
import { loadLake } from "../../lakes/load";
import { filesBelow } from "../../local/process/files";
import { qualityJarNames } from "../../local/toolchain";
import { ANALYST, tenantUser, trinoAccessRules } from "../../model/trino-rules";
import { type Evaluated, evaluateStack } from "../../stacks/evaluate";
import type { Registered } from "../../stacks/record-resources";

jest.setTimeout(120_000);

const CHECKOUT = join(__dirname, "../..");
const TENANTS = ["1", "2", "3"];
const lake = loadLake("saas");

let prod: Evaluated;

beforeAll(async () => {
  prod = await withStandInJars(qualityJarNames(), (jars) => evaluateStack("prod", jars));
});

function all(type: string): Registered[] {
  return prod.registered.filter((each) => each.type === type);
}

function uploaded(part: string): Registered["inputs"] {
  const objects = all("aws:s3/bucketObjectv2:BucketObjectv2");
  return objects.find(({ name }) => name === `saas-prod-${part}`)!.inputs;
}

/** What somebody may read of a table: the columns, and the condition for rows. */
interface Readable {
  readonly columns: readonly string[];
  readonly rows: string | null;
}

type ReadableTables = Readonly<Record<string, Readable>>;

/** By Lake Formation's grants and data cells filters. */
function readableOnAws(role: string): ReadableTables {
  const filters = all("aws:lakeformation/dataCellsFilter:DataCellsFilter").map(
    ({ inputs }) => inputs.tableData,
  );
  const grants = all("aws:lakeformation/permissions:Permissions")
    .map(({ inputs }) => inputs)
    .filter(({ principal }) => principal === `arn:aws:mock:::${role}`)
    .filter(({ permissions }) => permissions.includes("SELECT"));
  return Object.fromEntries(
    grants.map(({ tableWithColumns, dataCellsFilter }) => {
      if (tableWithColumns) {
        const { databaseName, name, columnNames } = tableWithColumns;
        return [`${layer(databaseName)}.${name}`, { columns: columnNames, rows: null }];
      }
      const { databaseName, tableName, name } = dataCellsFilter;
      const filter = filters.find(
        (each) =>
          each.name === name && each.databaseName === databaseName && each.tableName === tableName,
      );
      return [
        `${layer(databaseName)}.${tableName}`,
        { columns: filter.columnNames, rows: filter.rowFilter.filterExpression },
      ];
    }),
  );
}

interface TrinoRule {
  readonly user: string;
  readonly schema?: string;
  readonly table?: string;
  readonly filter?: string;
  readonly columns?: readonly { readonly name: string }[];
}

/** By the rules of the local Trino, where tables have the columns that the Glue catalog has. */
function readableOnLaptop(user: string): ReadableTables {
  const storedColumns = Object.fromEntries(
    (["silver", "gold"] as const).flatMap((schema) =>
      lake.manifest[schema === "silver" ? "tables" : "models"].map(({ name }) => [
        `${schema}.${name}`,
        catalogColumns(schema, name),
      ]),
    ),
  );
  const rules = trinoAccessRules([{ lake, tenants: TENANTS, storedColumns }]);
  const { tables } = rules as { tables: TrinoRule[] };
  const own = tables.filter((rule) => new RegExp(`^(${rule.user})$`).test(user));
  return Object.fromEntries(
    own.map(({ schema, table, filter, columns = [] }) => {
      const denied = new Set(columns.map(({ name }) => name));
      const readable = catalogColumns(schema!, table!).filter((name) => !denied.has(name));
      return [`${schema}.${table}`, { columns: readable, rows: filter ?? null }];
    }),
  );
}

function catalogColumns(schema: string, table: string): string[] {
  const declared = all("aws:glue/catalogTable:CatalogTable")
    .map(({ inputs }) => inputs)
    .find(({ databaseName, name }) => databaseName === `saas_prod_${schema}` && name === table);
  const { storageDescriptor, partitionKeys = [] } = declared;
  return [...storageDescriptor.columns, ...partitionKeys].map(({ name }: { name: string }) => name);
}

const layer = (database: string) => database.replace("saas_prod_", "");

function sorted(tables: ReadableTables): ReadableTables {
  return Object.fromEntries(
    Object.entries(tables).map(([name, { columns, rows }]) => [
      name,
      { columns: [...columns].sort(), rows },
    ]),
  );
}

test.each([
  ...TENANTS.map((tenant) => [`saas-prod-tenant-${tenant}`, tenantUser(tenant)] as const),
  ["saas-prod-analysts", ANALYST] as const,
])("%s reads on AWS exactly what %s reads on the laptop", (role, user) => {
  const onAws = sorted(readableOnAws(role));
  expect(Object.keys(onAws).length).toBe(lake.manifest.tables.length + lake.manifest.models.length);
  expect(onAws).toEqual(sorted(readableOnLaptop(user)));
});

test("every tenant reads tables by their own rows", () => {
  const rows = Object.values(readableOnAws("saas-prod-tenant-2")).map((readable) => readable.rows);
  expect(rows.filter((each) => each !== null).length).toBeGreaterThan(5);
  expect(new Set(rows)).toEqual(new Set([...rows.filter((each) => each?.endsWith(" = 2")), null]));
});

test("Spark is configured as on the laptop", () => {
  const { "--conf": conf } = all("aws:glue/job:Job")[0]!.inputs.defaultArguments;
  const file = join(CHECKOUT, "glue-scripts/lakewright/spark-defaults.json");
  const { common } = JSON.parse(readFileSync(file, "utf8")) as { common: object };
  const given = (conf as string).split(" --conf ").map((pair) => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(pair)!;
    return [name, value];
  });
  expect(Object.fromEntries(given)).toEqual(common);
});

test("the job runs the laptop's scripts, all of them and nothing else", async () => {
  const folder = join(CHECKOUT, "glue-scripts/lakewright");
  const files = filesBelow(folder).filter((path) => !dirname(path).includes("__pycache__"));
  const archive = uploaded("package").source as pulumi.asset.AssetArchive;
  const assets = Object.entries(await archive.assets);
  const paths = await Promise.all(
    assets.map(async ([inside, asset]) => [inside, await (asset as pulumi.asset.FileAsset).path]),
  );
  const expected = files.map((path) => [`lakewright${path.slice(folder.length)}`, path]);
  expect(paths.sort()).toEqual(expected.sort());
  const script = uploaded("script").source as pulumi.asset.FileAsset;
  expect(await script.path).toBe(join(CHECKOUT, "glue-scripts/lake_job.py"));
});

test("the job reads the laptop's manifest, and in it the same rules in DQDL", () => {
  const manifest = JSON.parse(uploaded("manifest").content);
  expect(manifest).toEqual(JSON.parse(JSON.stringify(lake.manifest)));
  expect(manifest.tables.flatMap(({ quality }: { quality: string[] }) => quality)).not.toEqual([]);
});

test("rules are judged by the laptop's versions of deequ and DQDL, before those of Glue", () => {
  const { defaultArguments } = all("aws:glue/job:Job")[0]!.inputs;
  const jars = (defaultArguments["--extra-jars"] as string).split(",");
  expect(jars.map((jar) => jar.split("/").at(-1))).toEqual(qualityJarNames());
  expect(defaultArguments["--user-jars-first"]).toBe("true");
});
