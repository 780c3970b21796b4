import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { CATALOG_LAYERS, type CatalogLayer } from "../model/aws/names";
import { policyDocument, type Statement } from "./policy-document";

export interface RegisteredLocationsArgs {
  /** Buckets whose data Lake Formation gives out. */
  readonly buckets: Readonly<Record<CatalogLayer, aws.s3.Bucket>>;
  /**
   * Decrypts the buckets.
   * @default Amazon S3's own key, which needs no rights
   */
  readonly key?: aws.kms.Key;
}

/**
 * A lake's buckets as locations that Lake Formation gives out to whom it grants their tables, by a
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
        { arn: args.buckets[layer].arn, roleArn: this.role.arn, hybridAccessEnabled: false },
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
    const buckets = CATALOG_LAYERS.map((layer) => this.args.buckets[layer].arn);
    const statements: Statement[] = [
      { Sid: "List", Effect: "Allow", Action: "s3:ListBucket", Resource: buckets },
      {
        Sid: "Read",
        Effect: "Allow",
        Action: "s3:GetObject",
        Resource: buckets.map((arn) => pulumi.interpolate`${arn}/*`),
      },
    ];
    if (this.args.key) {
      statements.push({
        Sid: "Decrypt",
        Effect: "Allow",
        Action: "kms:Decrypt",
        Resource: this.args.key.arn,
      });
    }
    return new aws.iam.RolePolicy(
      `${this.name}-locations`,
      { role: this.role.name, policy: policyDocument(statements) },
      { parent: this.role },
    );
  }
}
