import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { type DeploymentPlace, deploymentPlace } from "./deployment-place";
import { serviceTrust } from "./policy-document";

/**
 * The roles that AWS DMS takes on in an account by their names, and AWS's own policies for them.
 * Source: AWS DMS user guide, "Creating the IAM roles to use with AWS DMS".
 */
const ROLES = {
  vpc: { name: "dms-vpc-role", policy: "AmazonDMSVPCManagementRole" },
  logs: { name: "dms-cloudwatch-logs-role", policy: "AmazonDMSCloudWatchLogsRole" },
} as const;

export interface DmsServiceRolesArgs {
  /**
   * Whether to make `dms-vpc-role`; `false` where the account has it.
   * @default true
   */
  readonly vpcRole?: boolean;
  /**
   * Whether to make `dms-cloudwatch-logs-role`; `false` where the account has it.
   * @default true
   */
  readonly logsRole?: boolean;
}

/** What AWS DMS needs once in an account, before the first replication instance. */
export class DmsServiceRoles extends pulumi.ComponentResource {
  /** Lets DMS place its instances into a network; undefined where the account has it. */
  readonly vpcRole?: aws.iam.Role;
  /** Lets DMS write its logs; undefined where the account has it. */
  readonly logsRole?: aws.iam.Role;
  private readonly place: pulumi.Output<DeploymentPlace>;

  constructor(
    private readonly name: string,
    args: DmsServiceRolesArgs = {},
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("lakewright:account:DmsServiceRoles", name, {}, opts);
    this.place = deploymentPlace(this);
    if (args.vpcRole ?? true) this.vpcRole = this.createRole(ROLES.vpc);
    if (args.logsRole ?? true) this.logsRole = this.createRole(ROLES.logs);
    this.registerOutputs({ vpcRole: this.vpcRole?.arn, logsRole: this.logsRole?.arn });
  }

  private createRole({ name, policy }: { name: string; policy: string }): aws.iam.Role {
    const child = `${this.name}-${name}`;
    const role = new aws.iam.Role(
      child,
      { name, assumeRolePolicy: serviceTrust("dms.amazonaws.com", this.place.account) },
      { parent: this },
    );
    new aws.iam.RolePolicyAttachment(
      child,
      {
        role: role.name,
        policyArn: pulumi.interpolate`arn:${this.place.partition}:iam::aws:policy/service-role/${policy}`,
      },
      { parent: role },
    );
    return role;
  }
}
