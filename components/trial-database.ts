import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { parseCidr } from "../model/cidr";
import { UserError } from "../model/errors";

export interface TrialDatabaseArgs {
  /** Name of the database that is created. */
  readonly database: string;
  readonly vpcId: pulumi.Input<string>;
  /**
   * Two subnets at least, in two zones; public ones where `publicCidrBlocks` are given or may be one
   * day: RDS moves no database to other subnets of its VPC. Without them it has no public address
   * there either.
   */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Of replication, which is let in. */
  readonly clientSecurityGroupId: pulumi.Input<string>;
  /**
   * Addresses on the internet that are let in, to fill the database from a laptop.
   * @default none: the database has no public address
   */
  readonly publicCidrBlocks?: readonly string[];
  /**
   * Major version of PostgreSQL, one that DMS reads.
   * @default 17
   */
  readonly version?: number;
  /** @default "db.t4g.micro" */
  readonly instanceClass?: string;
  /**
   * GB of storage; it grows to five times that.
   * @default 20
   */
  readonly storageGb?: number;
  /**
   * Encrypts storage and secrets.
   * @default RDS's and Secrets Manager's own keys
   */
  readonly key?: aws.kms.Key;
  /**
   * The user that replicates. Its password is in `secret`; `./lake source sql` prints what creates
   * it and what it may do.
   * @default "lakewright"
   */
  readonly replicationUser?: string;
  /**
   * Whether the database may be deleted with the data in it, without a last snapshot.
   * @default false
   */
  readonly destroyable?: boolean;
}

const PORT = 5432;

/** A PostgreSQL on Amazon RDS to try a lake with: logical replication on, TLS forced. */
export class TrialDatabase extends pulumi.ComponentResource {
  readonly instance: aws.rds.Instance;
  readonly parameterGroup: aws.rds.ParameterGroup;
  readonly securityGroup: aws.ec2.SecurityGroup;
  /** Host, port, database, replication's user and its password, as DMS reads them. */
  readonly secret: aws.secretsmanager.Secret;
  /** Secret with the master user's password, which RDS manages. */
  readonly masterSecretArn: pulumi.Output<string>;

  /** @throws UserError when anybody on the internet would be let in. */
  constructor(
    private readonly name: string,
    private readonly args: TrialDatabaseArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("lakewright:trial:TrialDatabase", name, {}, opts);
    checkPublic(args.publicCidrBlocks ?? []);
    this.parameterGroup = this.createParameterGroup();
    this.securityGroup = this.createSecurityGroup();
    this.instance = this.createInstance();
    this.masterSecretArn = this.instance.masterUserSecrets.apply(([secret]) => secret!.secretArn);
    this.secret = this.createSecret();
    this.registerOutputs({ address: this.instance.address, secretArn: this.secret.arn });
  }

  private createParameterGroup(): aws.rds.ParameterGroup {
    return new aws.rds.ParameterGroup(
      this.name,
      {
        family: `postgres${this.version}`,
        description: `Logical replication and forced TLS for ${this.name}`,
        parameters: [
          // Read when the server starts: the instance is created with it.
          { name: "rds.logical_replication", value: "1", applyMethod: "pending-reboot" },
          { name: "rds.force_ssl", value: "1", applyMethod: "immediate" },
        ],
      },
      { parent: this },
    );
  }

  private createSecurityGroup(): aws.ec2.SecurityGroup {
    const { vpcId, clientSecurityGroupId, publicCidrBlocks = [] } = this.args;
    const group = new aws.ec2.SecurityGroup(
      this.name,
      { vpcId, description: "Trial database", tags: { Name: this.name } },
      { parent: this },
    );
    const port = { ipProtocol: "tcp", fromPort: PORT, toPort: PORT };
    new aws.vpc.SecurityGroupIngressRule(
      `${this.name}-replication`,
      {
        securityGroupId: group.id,
        description: "Replication",
        referencedSecurityGroupId: clientSecurityGroupId,
        ...port,
      },
      { parent: group },
    );
    new aws.vpc.SecurityGroupEgressRule(
      `${this.name}-replication`,
      {
        securityGroupId: clientSecurityGroupId,
        description: "The trial database",
        referencedSecurityGroupId: group.id,
        ...port,
      },
      { parent: group },
    );
    for (const block of publicCidrBlocks) {
      new aws.vpc.SecurityGroupIngressRule(
        `${this.name}-${block}`,
        {
          securityGroupId: group.id,
          description: "Whoever fills the database",
          cidrIpv4: block,
          ...port,
        },
        { parent: group },
      );
    }
    return group;
  }

  private createInstance(): aws.rds.Instance {
    const { database, key, storageGb = 20, publicCidrBlocks = [] } = this.args;
    const subnetGroup = new aws.rds.SubnetGroup(
      this.name,
      { subnetIds: this.args.subnetIds, description: `Subnets of ${this.name}` },
      { parent: this },
    );
    return new aws.rds.Instance(
      this.name,
      {
        engine: "postgres",
        engineVersion: String(this.version),
        instanceClass: this.args.instanceClass ?? "db.t4g.micro",
        dbName: database,
        username: "postgres",
        manageMasterUserPassword: true,
        masterUserSecretKmsKeyId: key?.arn,
        storageType: "gp3",
        allocatedStorage: storageGb,
        // A replication that stands still keeps write-ahead log: better to grow than to stop.
        maxAllocatedStorage: storageGb * 5,
        storageEncrypted: true,
        kmsKeyId: key?.arn,
        parameterGroupName: this.parameterGroup.name,
        dbSubnetGroupName: subnetGroup.name,
        vpcSecurityGroupIds: [this.securityGroup.id],
        publiclyAccessible: publicCidrBlocks.length > 0,
        backupRetentionPeriod: this.destroyable ? 1 : 7,
        copyTagsToSnapshot: true,
        deletionProtection: !this.destroyable,
        skipFinalSnapshot: this.destroyable,
        finalSnapshotIdentifier: this.destroyable ? undefined : this.lastSnapshotName(),
      },
      { parent: this, protect: !this.destroyable },
    );
  }

  /** Different for every database that there was under the name: snapshots outlive databases. */
  private lastSnapshotName(): pulumi.Output<string> {
    const { hex } = new random.RandomId(this.name, { byteLength: 4 }, { parent: this });
    return pulumi.interpolate`${this.name}-final-${hex}`;
  }

  private createSecret(): aws.secretsmanager.Secret {
    const password = new random.RandomPassword(
      this.name,
      // DMS takes no password with some punctuation in it; letters and digits are enough.
      { length: 40, special: false },
      { parent: this },
    );
    const secret = new aws.secretsmanager.Secret(
      this.name,
      {
        description: `Replication's access to ${this.name}`,
        kmsKeyId: this.args.key?.arn,
        recoveryWindowInDays: this.destroyable ? 0 : 30,
      },
      { parent: this },
    );
    new aws.secretsmanager.SecretVersion(
      this.name,
      {
        secretId: secret.id,
        secretString: pulumi.jsonStringify({
          host: this.instance.address,
          port: PORT,
          dbname: this.args.database,
          username: this.args.replicationUser ?? "lakewright",
          password: password.result,
        }),
      },
      { parent: secret },
    );
    return secret;
  }

  private get version(): number {
    return this.args.version ?? 17;
  }

  private get destroyable(): boolean {
    return this.args.destroyable ?? false;
  }
}

function checkPublic(cidrBlocks: readonly string[]): void {
  for (const block of cidrBlocks) {
    if (parseCidr(block, "publicCidrBlocks").prefix >= 16) continue;
    throw new UserError(
      `publicCidrBlocks: ${block} lets much of the internet in; name your own address, as 203.0.113.7/32`,
    );
  }
}
