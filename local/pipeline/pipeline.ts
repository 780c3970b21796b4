import { isDeepStrictEqual } from "node:util";

import { UserError } from "../../model/errors";
import { tenantsQuery } from "../../model/isolation";
import type { Lake } from "../../model/lake";
import { lakePaths } from "../paths";
import { type DescribedTable, publishLake, registerBronze, registerPartitions } from "../trino";
import { maintainedRelations } from "./chores";
import { Journal } from "./journal";
import type { MaintenanceResult, ModelResult, RuleResult, Steps, TableResult } from "./results";

/** Told in a few words what the pipeline is doing. */
export type Report = (message: string) => void;

/**
 * The steps from bronze to gold, and after each of them what Trino must know: a row that a step
 * has written is visible to its readers, and only to them, when the step's promise resolves.
 */
export class Pipeline {
  /** What earlier steps left to know of each table. */
  readonly journal: Journal;
  /** The tenants that Trino knows; undefined before the first publication. */
  private published: readonly string[] | undefined;

  constructor(
    private readonly lake: Lake,
    private readonly steps: Steps,
  ) {
    this.journal = new Journal(this.paths.journal);
  }

  /** Creates every table that is missing, empty, so that queries resolve from the first hour. */
  async initialise(): Promise<void> {
    await this.steps.step("initialise");
    this.journal.see(maintainedRelations(this.lake.manifest));
    await this.publish();
  }

  /** Has the application load and compile what a change needs, so that the first is not slow. */
  async warm(): Promise<void> {
    await this.steps.step("warm");
  }

  /**
   * Applies what is new in bronze; of all tables, or of those named.
   * @param relist lists all of bronze instead of its last days: files that came late are found
   */
  async silver(
    tables?: readonly string[],
    report?: Report,
    relist = false,
  ): Promise<TableResult[]> {
    const results = await this.apply(tables, report, relist);
    const changed = results.filter(({ status }) => status === "applied");
    if (
      changed.some(({ schema_changed }) => schema_changed) ||
      (await this.tenantsChanged(results))
    ) {
      await this.publish();
    } else {
      const names = changed.flatMap(({ table }) => [`silver.${table}`, `quarantine.${table}`]);
      registerPartitions(this.paths, names);
    }
    return results;
  }

  /** The same, for readers to find once the lake is published. */
  async apply(tables?: readonly string[], report?: Report, relist = false): Promise<TableResult[]> {
    const { tables: results } = await this.steps.step<{ tables: TableResult[] }>(
      "silver",
      { ...(tables ? { tables } : {}), ...(relist ? { relist } : {}) },
      (event) => report?.(`${String(event.table)}: ${String(event.status ?? "working")}`),
    );
    this.journal.noteSilver(results, relist);
    registerBronze(this.lake, this.paths);
    return results;
  }

  /**
   * Evaluates the declared rules of a layer's tables that changed since the last evaluation; of
   * all tables that have rules, or of those named.
   */
  async quality(
    layer: "silver" | "gold",
    report?: Report,
    tables?: readonly string[],
  ): Promise<RuleResult[]> {
    const { rules } = await this.steps.step<{ rules: RuleResult[] }>(
      "quality",
      { layer, ...(tables ? { tables, only_changed: true } : {}) },
      (event) => report?.(String(event.table ?? "")),
    );
    return rules;
  }

  /**
   * Whether gold may be made from silver, by the newest verdicts on its rules.
   * @returns why it may not; undefined where it may
   */
  async gate(): Promise<string | undefined> {
    try {
      await this.steps.step("gate", { layer: "silver" });
      return undefined;
    } catch (error) {
      if (error instanceof UserError) return error.message;
      throw error;
    }
  }

  /** Refreshes gold: every model, or those named; `rebuild` computes them anew. */
  async gold(
    options: { models?: readonly string[]; rebuild?: boolean; today?: string } = {},
    report?: Report,
  ): Promise<ModelResult[]> {
    const { models } = await this.steps.step<{ models: ModelResult[] }>("gold", options, (event) =>
      report?.(`${String(event.model)}: ${String(event.status ?? "working")}`),
    );
    const changed = models.filter(({ status }) => status === "refreshed" || status === "rebuilt");
    registerPartitions(
      this.paths,
      changed.map(({ model }) => `gold.${model}`),
    );
    this.journal.noteGold(models);
    return models;
  }

  /**
   * Removes history that nobody can ask for any more, and compacts; of every table, or of those
   * named as `silver.core_order`, which stands for its companion too.
   */
  async maintain(
    tables?: readonly string[],
    onTable?: (result: MaintenanceResult) => void,
  ): Promise<MaintenanceResult[]> {
    const { tables: results } = await this.steps.step<{ tables: MaintenanceResult[] }>(
      "maintain",
      tables ? { tables } : {},
      (event) => onTable?.(event as unknown as MaintenanceResult),
    );
    this.journal.noteMaintenance(results);
    return results;
  }

  /** Brings Trino's catalog and every user's rights in step with the tables. */
  async publish(): Promise<void> {
    const { tables } = await this.steps.step<{ tables: DescribedTable[] }>("describe");
    this.published = await this.tenants();
    await publishLake(this.lake, tables, this.published);
  }

  private async tenants(): Promise<string[] | undefined> {
    const sql = tenantsQuery(this.lake, "spark");
    if (!sql) return undefined;
    const { rows } = await this.steps.step<{ rows: [string][] }>("query", { sql, limit: 100_000 });
    return rows.map(([tenant]) => tenant).sort();
  }

  /** Whether a tenant is new or gone. */
  private async tenantsChanged(results: readonly TableResult[]): Promise<boolean> {
    const { tenancy } = this.lake.manifest;
    const result = results.find(({ table }) => table === tenancy?.table);
    if (result?.status !== "applied") return false;
    return !isDeepStrictEqual(await this.tenants(), this.published);
  }

  private get paths() {
    return lakePaths(this.lake.definition);
  }
}
