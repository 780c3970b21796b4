import type { TableDefinition, Tenancy } from "./definition";
import type { Problem, WellFormed } from "./definition-shape";
import type { ManifestColumn } from "./manifest";
import { tenantColumn } from "./tenancy";

/** `lakes/<name>/schema.json`: the columns of every table and model as Spark's analyzer types them. */
export interface CompiledSchema {
  readonly tables: Readonly<Record<string, readonly ManifestColumn[]>>;
  readonly models: Readonly<Record<string, readonly ManifestColumn[]>>;
}

/** The schema of a lake that was never compiled. */
export const UNCOMPILED: CompiledSchema = { tables: {}, models: {} };

/** Names in the definition that the compiled columns do not have. What is not compiled has none. */
export function columnProblems(definition: WellFormed, schema: CompiledSchema): Problem[] {
  const { tenancy } = definition;
  const tables = Object.entries(definition.tables).flatMap(([name, table]) => {
    const named = { key: table.key, ...sharedSettings(table, tenancy) };
    return missing(`tables.${name}`, named, schema.tables[name]);
  });
  const models = Object.entries(definition.models).flatMap(([name, model]) => {
    const refreshBy = model.refreshBy === "rebuild" ? [] : model.refreshBy;
    const named = { grain: model.grain, refreshBy, ...sharedSettings(model, tenancy) };
    return missing(`models.${name}`, named, schema.models[name]);
  });
  return [...tables, ...models];
}

function sharedSettings(
  relation: Pick<TableDefinition, "partitionBy" | "sensitivity" | "tenantColumn">,
  tenancy: Tenancy | null,
) {
  return {
    partitionBy: relation.partitionBy,
    sensitivity: Object.keys(relation.sensitivity ?? {}),
    tenantColumn: [tenantColumn(tenancy, relation)].filter((name) => name !== null),
  };
}

function missing(
  path: string,
  named: Readonly<Record<string, readonly string[] | undefined>>,
  columns: readonly ManifestColumn[] | undefined,
): Problem[] {
  if (!columns) return [];
  const known = columns.map(({ name }) => name);
  return Object.entries(named).flatMap(([setting, names = []]) =>
    names
      .filter((name) => !known.includes(name))
      .map((name) => ({
        path: `${path}.${setting}`,
        problem: `"${name}" is no column of the result; expected one of ${known.join(", ")}`,
      })),
  );
}
