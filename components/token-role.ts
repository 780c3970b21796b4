import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { type PolicyStatement, policyText } from "../model/aws/deploy-policy";
import type { TokenTrust } from "../model/aws/deploy-trust";
import { policyDocument } from "./policy-document";

export interface TokenRoleArgs {
  /** ARN of the OpenID Connect provider whose tokens the role is taken on with. */
  readonly providerArn: pulumi.Input<string>;
  /** Whose tokens of it. */
  readonly trust: TokenTrust;
  /** What the role may do: a managed policy each, by area. */
  readonly policies: pulumi.Input<Readonly<Record<string, PolicyStatement[]>>>;
  /** The areas, known before the policies are. */
  readonly areas: readonly string[];
  readonly description: string;
}

/** A role that is taken on with a short-lived token instead of a stored key. */
export class TokenRole extends pulumi.ComponentResource {
  readonly role: aws.iam.Role;
  /** By area. */
  readonly policies: Readonly<Record<string, aws.iam.Policy>>;

  constructor(name: string, args: TokenRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("lakewright:account:TokenRole", name, {}, opts);
    this.role = new aws.iam.Role(
      name,
      {
        // People copy it into the settings of deployments and workflows.
        name,
        description: args.description,
        assumeRolePolicy: policyDocument([
          { ...args.trust, Principal: { Federated: args.providerArn } },
        ]),
      },
      { parent: this },
    );
    const policies = pulumi.output(args.policies);
    this.policies = Object.fromEntries(
      args.areas.map((area) => [
        area,
        this.attach(
          `${name}-${area}`,
          policies.apply((known) => policyText(known[area] as PolicyStatement[])),
        ),
      ]),
    );
    this.registerOutputs({ roleArn: this.role.arn });
  }

  private attach(name: string, document: pulumi.Output<string>): aws.iam.Policy {
    const policy = new aws.iam.Policy(name, { policy: document }, { parent: this.role });
    new aws.iam.RolePolicyAttachment(
      name,
      { role: this.role.name, policyArn: policy.arn },
      { parent: policy },
    );
    return policy;
  }
}
