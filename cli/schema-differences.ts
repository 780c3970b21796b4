import { openLake } from "../local/pipeline/open";
import { connectSource } from "../local/source/connection";
import { inspectTables } from "../local/source/inspect";
import { openSource } from "../local/source/open";
import type { DescribedTable } from "../local/trino";
import { lakeColumn } from "../model/bronze-columns";
import { type SchemaDifference, schemaDifferences } from "../model/schema-diff";

/**
 * How the lake's source, definition and silver tables differ.
 * @param connection of the source; the lake's own embedded one without
 */
export async function findSchemaDifferences(
  name: string,
  connection?: string,
): Promise<SchemaDifference[]> {
  await using opened = await openSource(name, connection);
  await using open = await openLake(name, "read");
  const { tables } = open.lake.manifest;
  const client = await connectSource(opened.source);
  const inspected = await inspectTables(
    client,
    tables.map((table) => ({ schema: table.source_schema, name: table.source_table })),
  ).finally(() => client.end());
  const described = await open.spark.step<{ tables: DescribedTable[] }>("describe");
  return tables.flatMap((table) => {
    const source = inspected.find(
      (each) => each.schema === table.source_schema && each.name === table.source_table,
    );
    const silver = described.tables.find(
      (each) => each.layer === "silver" && each.name === table.name,
    );
    return schemaDifferences(
      table,
      source?.columns
        // Replication does not send them.
        .filter(({ generated }) => !generated)
        .map(({ name, typeName }) => ({ name: lakeColumn(name), type: typeName })),
      silver?.columns,
    );
  });
}
