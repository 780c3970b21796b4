import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { DEPLOYER_RIGHTS } from "../model/aws/deployer-rights";
import { type TagAssignment, tagAssignments } from "../model/aws/grants";
import { CATALOG_LAYERS } from "../model/aws/names";
import type { Lake } from "../model/lake";
import type { Catalog } from "./catalog";
import { DeployerGrants, type DeployerRight } from "./deployer-grants";

export interface LakeTagsArgs {
  readonly lake: Lake;
  /** The databases and tables that get tags. */
  readonly catalog: Catalog;
  /**
   * ARNs of the IAM roles and users that may assign tags which another of them made.
   * @default whoever made them assigns them, nobody else
   */
  readonly deployers?: readonly string[];
}

/**
 * LF-Tags that say of each database, table and column its layer and its sensitivity. They name what
 * there is, for grants of the account's own; the lake's readers have none by tags, for LF-Tags
 * cannot carry row filters. An account has each key once, so the keys begin with the lake's name.
 */
export class LakeTags extends pulumi.ComponentResource {
  readonly tags: Readonly<Record<"layer" | "sensitivity", aws.lakeformation.LfTag>>;
  /** There before a tag is assigned, and until the last assignment is deleted. */
  readonly deployerGrants: DeployerGrants;
  readonly assignments: readonly aws.lakeformation.ResourceLfTags[];

  constructor(
    private readonly name: string,
    private readonly args: LakeTagsArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("lakewright:governance:LakeTags", name, {}, opts);
    this.tags = {
      layer: this.createTag("layer", CATALOG_LAYERS),
      sensitivity: this.createTag("sensitivity", ["internal", "personal", "secret"]),
    };
    this.deployerGrants = this.grantDeployers();
    this.assignments = tagAssignments(args.lake, args.catalog.layout).map((each) =>
      this.assign(each),
    );
    this.registerOutputs({ keys: [this.tags.layer.key, this.tags.sensitivity.key] });
  }

  private createTag(kind: string, values: readonly string[]): aws.lakeformation.LfTag {
    const key = `${this.name}-${kind}`;
    return new aws.lakeformation.LfTag(key, { key, values: [...values] }, { parent: this });
  }

  private grantDeployers(): DeployerGrants {
    const rights = Object.entries(this.tags).map(([kind, owner]): [string, DeployerRight] => {
      const lfTag = { key: owner.key, values: owner.values };
      return [`tag-${kind}`, { permissions: DEPLOYER_RIGHTS.tag, target: { lfTag }, owner }];
    });
    return new DeployerGrants(
      `${this.name}-tags`,
      { deployers: this.args.deployers ?? [], rights: Object.fromEntries(rights) },
      { parent: this },
    );
  }

  private assign({ layer, table, columns, tags }: TagAssignment): aws.lakeformation.ResourceLfTags {
    const found = table === undefined ? undefined : this.args.catalog.tables[layer][table];
    const place = found && { databaseName: found.databaseName, name: found.name };
    const kind = columns ? `-${tags.sensitivity}` : "";
    return new aws.lakeformation.ResourceLfTags(
      `${this.name}-tags-${[layer, table].filter(Boolean).join("-")}${kind}`,
      {
        ...(!place && { database: { name: this.args.catalog.databases[layer].name } }),
        ...(place && !columns && { table: place }),
        ...(place && columns && { tableWithColumns: { ...place, columnNames: [...columns] } }),
        lfTags: [
          ...(tags.layer ? [{ key: this.tags.layer.key, value: tags.layer }] : []),
          ...(tags.sensitivity
            ? [{ key: this.tags.sensitivity.key, value: tags.sensitivity }]
            : []),
        ],
      },
      // Else the end of an old assignment would take the tags from columns of the new one.
      {
        parent: this,
        deleteBeforeReplace: true,
        dependsOn: [...this.deployerGrants.grants],
      },
    );
  }
}
