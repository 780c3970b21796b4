import type {
  FilesDefinition,
  LakeDefinition,
  ModelDefinition,
  TableDefinition,
} from "./definition";
import type { LakeFiles } from "./lake";
import { CONTROL, type Manifest, type ManifestModel, type ManifestTable } from "./manifest";
import { qualityRule } from "./quality-rules";
import { sparkType } from "./source-types";
import { quoteSparkIdentifier } from "./sql-quoting";
import { inputsOf, usesToday } from "./sql-references";
import { tenantColumn } from "./tenancy";

/** The manifest that follows from a definition without mistakes and the files beside it. */
export function buildManifest(
  definition: LakeDefinition,
  files: LakeFiles,
  order: readonly string[],
): Manifest {
  return {
    version: 1,
    lake: definition.name,
    history_days: definition.historyDays ?? 7,
    listing_days: definition.listingDays ?? 3,
    quality_threshold: definition.qualityThreshold ?? 0.99,
    gate_threshold: definition.qualityThreshold ?? null,
    max_lob_kb: definition.source.maxLobKb ?? 0,
    bronze_format: definition.source.bronze ?? "parquet",
    tenancy: definition.tenancy,
    control: CONTROL,
    tables: Object.entries(definition.tables).map(([name, table]) =>
      manifestTable(definition, files, name, table),
    ),
    models: order.map((name) => manifestModel(definition, files, name, definition.models[name]!)),
  };
}

function manifestTable(
  definition: LakeDefinition,
  files: LakeFiles,
  name: string,
  table: TableDefinition,
): ManifestTable {
  return {
    name,
    description: table.description,
    source_schema: table.sourceSchema ?? "public",
    source_table: table.sourceTable ?? name,
    key: [...table.key],
    source_columns: Object.entries(table.columns).map(([column, type]) => ({
      name: column,
      type: typeOf(type),
    })),
    files: manifestFiles(name, table.files),
    sql: files.silver[name] ?? allColumns(name, Object.keys(table.columns)),
    format: table.format ?? definition.format ?? "hudi",
    partition_by: [...(table.partitionBy ?? [])],
    buckets: table.buckets ?? 1,
    tenant_column: tenantColumn(definition.tenancy, table),
    deletes: table.deletes ?? "hard",
    evolution: table.evolution ?? "additive",
    rules: Object.entries(table.rules ?? {}).map(([rule, { check, reason }]) => ({
      name: rule,
      check,
      reason,
    })),
    quality: (table.quality ?? []).map(qualityRule),
    columns: [...(files.schema.tables[name] ?? [])],
  };
}

function manifestFiles(table: string, files: FilesDefinition | undefined): ManifestTable["files"] {
  if (!files) return null;
  const headers = Object.entries(files.headers ?? {});
  return {
    folder: files.folder ?? table,
    delimiter: files.delimiter ?? ",",
    headers: Object.fromEntries(headers.map(([column, header]) => [header, column])),
    precedence: files.precedence ?? "database",
  };
}

function manifestModel(
  definition: LakeDefinition,
  files: LakeFiles,
  name: string,
  model: ModelDefinition,
): ManifestModel {
  const sql = files.gold[name]!;
  return {
    name,
    description: model.description,
    sql,
    inputs: inputsOf(sql),
    grain: [...model.grain],
    refresh_by: model.refreshBy === "rebuild" ? [] : [...model.refreshBy],
    touched: { ...model.touched },
    uses_today: usesToday(sql),
    format: model.format ?? definition.format ?? "hudi",
    partition_by: [...(model.partitionBy ?? [])],
    tenant_column: tenantColumn(definition.tenancy, model),
    quality: (model.quality ?? []).map(qualityRule),
    columns: [...(files.schema.models[name] ?? [])],
  };
}

/** The silver SQL of a table that has none of its own. */
function allColumns(table: string, columns: readonly string[]): string {
  const list = columns.map(quoteSparkIdentifier).join(",\n  ");
  return `SELECT\n  ${list}\nFROM ${quoteSparkIdentifier(table)}\n`;
}

function typeOf(sourceType: string): string {
  const result = sparkType(sourceType);
  if ("problem" in result) throw new Error(`unchecked definition: ${result.problem}`);
  return result.sparkType;
}
