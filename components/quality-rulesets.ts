import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { type QualityRuleset, qualityRulesets } from "../model/aws/quality-rulesets";
import type { Manifest } from "../model/manifest";
import type { Catalog } from "./catalog";

export interface QualityRulesetsArgs {
  /** The lake whose rules they are. */
  readonly manifest: Manifest;
  /** The tables that the rules are about. */
  readonly catalog: Catalog;
}

/**
 * The lake's quality rules as rulesets of AWS Glue Data Quality on the catalog's tables. They cost
 * nothing until somebody has one evaluated, which takes a role that may read the table.
 */
export class QualityRulesets extends pulumi.ComponentResource {
  /** By layer and table: `silver-orders`. */
  readonly rulesets: Readonly<Record<string, aws.glue.DataQualityRuleset>>;

  constructor(
    private readonly name: string,
    private readonly args: QualityRulesetsArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("lakewright:catalog:QualityRulesets", name, {}, opts);
    this.rulesets = Object.fromEntries(
      qualityRulesets(args.manifest).map((ruleset) => [ruleset.name, this.create(ruleset)]),
    );
    this.registerOutputs({ names: Object.values(this.rulesets).map((ruleset) => ruleset.name) });
  }

  private create(ruleset: QualityRuleset): aws.glue.DataQualityRuleset {
    const { layer, table, dqdl } = ruleset;
    // Rulesets of all databases share their names.
    const name = `${this.name}-${ruleset.name}`;
    const { databaseName, name: tableName } = this.args.catalog.tables[layer][table]!;
    return new aws.glue.DataQualityRuleset(
      name,
      {
        name,
        description: this.describe(ruleset),
        ruleset: dqdl,
        targetTable: { databaseName, tableName },
      },
      { parent: this },
    );
  }

  private describe({ layer, table, references }: QualityRuleset): pulumi.Output<string> {
    const tables = references.map((alias) => {
      const { databaseName, name } = this.args.catalog.tables.silver[alias]!;
      return pulumi.interpolate`${alias}: ${databaseName}.${name}`;
    });
    return pulumi.all(tables).apply((named) => {
      const beside = named.length > 0 ? `; its runs need the sources ${named.join(", ")}` : "";
      return `Rules of ${layer}.${table} of lake ${this.name}${beside}`;
    });
  }
}
