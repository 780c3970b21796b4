import { DefinitionError } from "./define-lake";
import type { LakeDefinition, ModelDefinition, TableDefinition } from "./definition";
import {
  CONTROL,
  type Manifest,
  type ManifestColumn,
  type ManifestModel,
  type ManifestTable,
} from "./manifest";
import { sparkType } from "./source-types";
import { inputsOf, rowWiseProblem, usesToday } from "./sql-references";
import type { Problem } from "./validate";

/** What stands beside a definition: SQL by table and model name, and the compiled columns. */
export interface LakeFiles {
  readonly silver: Readonly<Record<string, string>>;
  readonly gold: Readonly<Record<string, string>>;
  readonly schema: CompiledSchema;
}

/** `lakes/<name>/schema.json`: the columns of every table and model as Spark's analyzer types them. */
export interface CompiledSchema {
  readonly tables: Readonly<Record<string, readonly ManifestColumn[]>>;
  readonly models: Readonly<Record<string, readonly ManifestColumn[]>>;
}

/** A lake: its definition and the manifest that follows from it and the files beside it. */
export interface Lake {
  readonly definition: LakeDefinition;
  readonly manifest: Manifest;
}

/**
 * Joins a definition with its SQL and compiled schema.
 * @throws DefinitionError naming every mistake: SQL that is missing or belongs to nothing, silver SQL
 * that is not row-wise, gold SQL that reads what does not exist or itself in a circle.
 */
export function assembleLake(definition: LakeDefinition, files: LakeFiles): Lake {
  const problems = [
    ...fileProblems(definition, files),
    ...columnProblems(definition, files.schema),
  ];
  const order = dependencyOrder(definition, files.gold, problems);
  if (problems.length > 0) throw new DefinitionError(definition.name, problems);
  return { definition, manifest: buildManifest(definition, files, order) };
}

function fileProblems(definition: LakeDefinition, files: LakeFiles): Problem[] {
  const problems: Problem[] = [];
  for (const [name, sql] of Object.entries(files.silver)) {
    const path = `sql/${definition.name}/silver/${name}.sql`;
    if (!definition.tables[name]) problems.push({ path, problem: `no table "${name}" is defined` });
    const problem = rowWiseProblem(sql, name);
    if (problem) problems.push({ path, problem });
  }
  for (const name of Object.keys(files.gold)) {
    if (!definition.models[name]) {
      problems.push({
        path: `sql/${definition.name}/gold/${name}.sql`,
        problem: `no model "${name}" is defined`,
      });
    }
  }
  for (const [name, model] of Object.entries(definition.models)) {
    problems.push(...modelProblems(definition, name, model, files.gold[name]));
  }
  return problems;
}

function modelProblems(
  { name: lake, tables, models }: LakeDefinition,
  name: string,
  model: ModelDefinition,
  sql: string | undefined,
): Problem[] {
  const path = `sql/${lake}/gold/${name}.sql`;
  if (sql === undefined) return [{ path: `models.${name}`, problem: `${path} does not exist` }];
  const inputs = inputsOf(sql);
  const unknown = inputs.filter((input) => {
    const [layer, relation = ""] = input.split(".");
    return !(relation in (layer === "silver" ? tables : models));
  });
  const problems = unknown.map((input) => ({
    path,
    problem: `reads ${input}, which the lake does not have`,
  }));
  if (inputs.length === 0)
    problems.push({ path, problem: "reads no silver.<table> or gold.<model>" });
  for (const input of Object.keys(model.touched ?? {})) {
    if (!inputs.includes(input)) {
      problems.push({
        path: `models.${name}.touched["${input}"]`,
        problem: `${path} does not read ${input}`,
      });
    }
  }
  return problems;
}

/** Names in the definition that the compiled columns do not have. Without compiled columns, none. */
function columnProblems(definition: LakeDefinition, schema: CompiledSchema): Problem[] {
  const problems: Problem[] = [];
  const check = (
    path: string,
    names: readonly string[],
    columns: readonly ManifestColumn[] | undefined,
  ) => {
    if (!columns) return;
    const known = columns.map((column) => column.name);
    for (const name of names) {
      if (known.includes(name)) continue;
      problems.push({
        path,
        problem: `"${name}" is no column of the result; expected one of ${known.join(", ")}`,
      });
    }
  };
  for (const [name, table] of Object.entries(definition.tables)) {
    const columns = schema.tables[name];
    check(`tables.${name}.key`, table.key, columns);
    check(`tables.${name}.partitionBy`, table.partitionBy ?? [], columns);
    check(`tables.${name}.sensitivity`, Object.keys(table.sensitivity ?? {}), columns);
    check(`tables.${name}.tenantColumn`, present(tenantColumn(definition, table)), columns);
  }
  for (const [name, model] of Object.entries(definition.models)) {
    const columns = schema.models[name];
    check(`models.${name}.grain`, model.grain, columns);
    check(
      `models.${name}.refreshBy`,
      model.refreshBy === "rebuild" ? [] : model.refreshBy,
      columns,
    );
    check(`models.${name}.partitionBy`, model.partitionBy ?? [], columns);
    check(`models.${name}.sensitivity`, Object.keys(model.sensitivity ?? {}), columns);
    check(`models.${name}.tenantColumn`, present(tenantColumn(definition, model)), columns);
  }
  return problems;
}

/** The models, each after those it reads; a circle is a problem. */
function dependencyOrder(
  { name: lake, models }: LakeDefinition,
  gold: Readonly<Record<string, string>>,
  problems: Problem[],
): string[] {
  const order: string[] = [];
  const visit = (name: string, trail: readonly string[]): void => {
    if (order.includes(name) || !(name in models)) return;
    if (trail.includes(name)) {
      problems.push({
        path: `sql/${lake}/gold/${name}.sql`,
        problem: `reads itself in a circle: ${[...trail.slice(trail.indexOf(name)), name].join(" → ")}`,
      });
      return;
    }
    for (const input of inputsOf(gold[name] ?? "")) {
      if (input.startsWith("gold.")) visit(input.slice("gold.".length), [...trail, name]);
    }
    if (!order.includes(name)) order.push(name);
  };
  for (const name of Object.keys(models)) visit(name, []);
  return order;
}

/** The column that holds the tenant in a table or model; null where every tenant may read. */
export function tenantColumn(
  { tenancy }: LakeDefinition,
  relation: Pick<TableDefinition, "tenantColumn">,
): string | null {
  if (!tenancy) return null;
  return relation.tenantColumn === undefined ? tenancy.column : relation.tenantColumn;
}

function buildManifest(
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
    max_lob_kb: definition.source.maxLobKb ?? 0,
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
    sql:
      files.silver[name] ?? `SELECT\n  ${Object.keys(table.columns).join(",\n  ")}\nFROM ${name}\n`,
    format: table.format ?? definition.format ?? "hudi",
    partition_by: [...(table.partitionBy ?? [])],
    buckets: table.buckets ?? 1,
    tenant_column: tenantColumn(definition, table),
    deletes: table.deletes ?? "hard",
    evolution: table.evolution ?? "additive",
    rules: Object.entries(table.rules ?? {}).map(([rule, { check, reason }]) => ({
      name: rule,
      check,
      reason,
    })),
    quality: [...(table.quality ?? [])],
    columns: [...(files.schema.tables[name] ?? [])],
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
    tenant_column: tenantColumn(definition, model),
    quality: [...(model.quality ?? [])],
    columns: [...(files.schema.models[name] ?? [])],
  };
}

function typeOf(sourceType: string): string {
  const result = sparkType(sourceType);
  if ("problem" in result) throw new Error(`unchecked definition: ${result.problem}`);
  return result.sparkType;
}

function present(value: string | null): string[] {
  return value === null ? [] : [value];
}
