import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import {
  type BucketFolder,
  folderArn,
  listStatements,
  objectsIn,
} from "../model/aws/bucket-folders";
import { CATALOG_LAYERS, type CatalogLayer } from "../model/aws/names";
import { type Folders, foldersOf, rootOf } from "../model/zones";
import { policyDocument } from "./policy-document";

export interface RegisteredLocationsArgs {
  /** Buckets whose data Lake Formation gives out. */
  readonly buckets: Readonly<Record<CatalogLayer, aws.s3.Bucket>>;
  /**
   * Of each content in its bucket.
   * @default those of a lake without zones, with a bucket for each
   */
  readonly folders?: Folders;
  /**
   * Decrypts the buckets.
   * @default Amazon S3's own key, which needs no rights
   */
  readonly key?: aws.kms.Key;
}

/**
 * A lake's layers as locations that Lake Formation gives out to whom it grants their tables, by a
 * role of the lake's own: the service-linked role has no rights on the lake's key.
 */
export class RegisteredLocations extends pulumi.ComponentResource {
  /** Lake Formation takes it on to read for others. */
  readonly role: aws.iam.Role;
  readonly locations: Readonly<Record<CatalogLayer, aws.lakeformation.Resource>>;

  constructor(
    private readonly name: string,
    private readonly args: RegisteredLocationsArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("lakewright:governance:RegisteredLocations", name, {}, opts);
    this.role = this.createRole();
    const policy = this.allowReading();
    const register = (layer: CatalogLayer) =>
      new aws.lakeformation.Resource(
        `${name}-${layer}`,
        {
          arn: this.place(layer).apply(folderArn),
          roleArn: this.role.arn,
          hybridAccessEnabled: false,
        },
        { parent: this, dependsOn: policy },
      );
    this.locations = {
      bronze: register("bronze"),
      silver: register("silver"),
      gold: register("gold"),
    };
    this.registerOutputs({ roleArn: this.role.arn });
  }

  /**
   * Its trust has no condition on the account, as AWS's own example has none: one that Lake Formation
   * does not send would refuse every read. Source: AWS Lake Formation developer guide,
   * "Requirements for roles used to register locations".
   */
  private createRole(): aws.iam.Role {
    return new aws.iam.Role(
      `${this.name}-locations`,
      {
        description: `Lake Formation reads lake ${this.name} for those whom it grants tables`,
        assumeRolePolicy: policyDocument([
          {
            Effect: "Allow",
            Principal: { Service: "lakeformation.amazonaws.com" },
            Action: "sts:AssumeRole",
          },
        ]),
      },
      { parent: this },
    );
  }

  /** Reading alone: the job writes under its own role, past Lake Formation. */
  private allowReading(): aws.iam.RolePolicy {
    const { key } = this.args;
    const decrypt = { Sid: "Decrypt", Effect: "Allow", Action: "kms:Decrypt", Resource: key?.arn };
    const places = pulumi.all(CATALOG_LAYERS.map((layer) => this.place(layer)));
    const policy = places.apply((found) =>
      policyDocument([
        ...listStatements("List", ["s3:ListBucket"], found),
        { Sid: "Read", Effect: "Allow", Action: "s3:GetObject", Resource: objectsIn(found) },
        ...(key ? [decrypt] : []),
      ]),
    );
    return new aws.iam.RolePolicy(
      `${this.name}-locations`,
      { role: this.role.name, policy },
      { parent: this.role },
    );
  }

  private place(layer: CatalogLayer): pulumi.Output<BucketFolder> {
    const { buckets, folders = foldersOf(undefined, "per-content") } = this.args;
    return pulumi.output({ bucket: buckets[layer].arn, folder: rootOf(folders[layer]) });
  }
}
