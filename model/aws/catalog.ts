import type { BronzeFormat } from "../bronze-format";
import {
  bronzeColumns,
  bronzeDescription,
  CSV_PARAMETERS,
  CSV_STORAGE,
  type HiveColumn,
  hiveColumns,
  type HiveStorage,
  HUDI_COLUMNS,
  HUDI_STORAGE,
  PARQUET_STORAGE,
  silverColumns,
} from "../hive-tables";
import type { Manifest, ManifestModel, ManifestTable } from "../manifest";
import { type Folders, inFolder, tableFolder } from "../zones";
import type { CatalogLayer } from "./names";

/** A table as the AWS Glue catalog has it, but for its place: names and buckets are the stack's. */
export interface CatalogTable {
  readonly layer: CatalogLayer;
  /** Name of the table or model in the lake. */
  readonly name: string;
  readonly format: BronzeFormat | "hudi" | "delta";
  readonly description: string;
  /** Columns but those that partition it. */
  readonly columns: readonly HiveColumn[];
  readonly partitionKeys: readonly HiveColumn[];
  /** Path in the layer's bucket, with a slash at its end alone. */
  readonly prefix: string;
  readonly storage: HiveStorage;
  readonly parameters: Readonly<Record<string, string>>;
  /** Whether the SerDe is told the table's location, from which engines read native Delta tables. */
  readonly pathInSerde: boolean;
}

/**
 * What Athena's own DDL puts down for a native Delta table: engines go by the table's type and read
 * the log at its location, none uses these classes. Source: Amazon Athena user guide, "Query Linux
 * Foundation Delta Lake tables".
 */
const DELTA_STORAGE: HiveStorage = {
  serde: "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
  inputFormat: "org.apache.hadoop.mapred.SequenceFileInputFormat",
  outputFormat: "org.apache.hadoop.hive.ql.io.HiveSequenceFileOutputFormat",
};

/**
 * The catalog tables of a lake: those of bronze as DMS writes them, silver and gold as compiled.
 * Silver and gold tables whose columns are not compiled yet are left out.
 *
 * @param epoch the folder of bronze that is read: `e0001`
 * @param folders of the layers in their buckets
 */
export function catalogTables(manifest: Manifest, epoch: string, folders: Folders): CatalogTable[] {
  return [
    ...manifest.tables.map((table) =>
      bronzeTable(table, inFolder(folders.bronze, epoch), manifest.bronze_format),
    ),
    ...manifest.tables
      .filter(isCompiled)
      .map((table) => lakeTable("silver", table, silverColumns(table), folders)),
    ...manifest.models
      .filter(isCompiled)
      .map((model) => lakeTable("gold", model, hiveColumns(model.columns), folders)),
  ];
}

const isCompiled = ({ columns }: ManifestTable | ManifestModel) => columns.length > 0;

/** Athena reads the date folders below the location along with the files of the full load. */
function bronzeTable(table: ManifestTable, folder: string, format: BronzeFormat): CatalogTable {
  const isCsv = format === "csv";
  return {
    layer: "bronze",
    name: table.name,
    format,
    description: bronzeDescription(table),
    columns: bronzeColumns(table, format),
    partitionKeys: [],
    prefix: `${folder}/${table.source_schema}/${table.source_table}/`,
    storage: isCsv ? CSV_STORAGE : PARQUET_STORAGE,
    parameters: { EXTERNAL: "TRUE", classification: format, ...(isCsv ? CSV_PARAMETERS : {}) },
    pathInSerde: false,
  };
}

function lakeTable(
  layer: "silver" | "gold",
  table: ManifestTable | ManifestModel,
  columns: readonly HiveColumn[],
  folders: Folders,
): CatalogTable {
  const { name, description, format, partition_by } = table;
  const prefix = `${tableFolder(folders, layer, table)}/`;
  const shared = { layer, name, format, description, prefix };
  if (format === "delta") {
    // Partitions of a native Delta table are in its log; in the catalog it has columns alone.
    return {
      ...shared,
      columns,
      partitionKeys: [],
      storage: DELTA_STORAGE,
      parameters: {
        EXTERNAL: "TRUE",
        table_type: "DELTA",
        "spark.sql.sources.provider": "delta",
      },
      pathInSerde: true,
    };
  }
  return {
    ...shared,
    columns: [
      ...HUDI_COLUMNS.map((name) => ({ name, type: "string" })),
      ...columns.filter((column) => !partition_by.includes(column.name)),
    ],
    partitionKeys: partition_by.flatMap((key) => columns.filter((column) => column.name === key)),
    storage: HUDI_STORAGE,
    parameters: { EXTERNAL: "TRUE" },
    pathInSerde: false,
  };
}
