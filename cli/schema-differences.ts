import type { Steps } from "../local/pipeline/results";
import { connectSource, type Source } from "../local/source/connection";
import { inspectTables } from "../local/source/inspect";
import type { DescribedTable } from "../local/trino";
import { lakeColumn } from "../model/bronze-columns";
import type { Manifest } from "../model/manifest";
import { type ColumnChanges, type SchemaDifference, schemaDifferences } from "../model/schema-diff";
import type { StoredColumns } from "./aws/deployed-columns";

/** The columns of the silver tables of the lake on this machine. */
export async function storedColumns(spark: Steps): Promise<StoredColumns> {
  const { tables } = await spark.step<{ tables: DescribedTable[] }>("describe");
  return ({ name }) =>
    tables.find((each) => each.layer === "silver" && each.name === name)?.columns;
}

/** How a lake's source, definition and silver tables differ. */
export async function findSchemaDifferences(
  { tables }: Manifest,
  source: Source,
  stored: StoredColumns,
  changes: ColumnChanges = "heard",
): Promise<SchemaDifference[]> {
  const client = await connectSource(source);
  const inspected = await inspectTables(
    client,
    tables.map((table) => ({ schema: table.source_schema, name: table.source_table })),
  ).finally(() => client.end());
  return tables.flatMap((table) => {
    const found = inspected.find(
      (each) => each.schema === table.source_schema && each.name === table.source_table,
    );
    return schemaDifferences(
      table,
      found?.columns
        // Replication does not send them.
        .filter(({ generated }) => !generated)
        .map(({ name, typeName }) => ({ name: lakeColumn(name), type: typeName })),
      stored(table),
      changes,
    );
  });
}
