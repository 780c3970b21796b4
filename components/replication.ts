import { createHash } from "node:crypto";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { type LargeValues, largeValues } from "../model/aws/large-values";
import { bronzeTargetSettings, postgresSourceSettings } from "../model/aws/replication-endpoints";
import { tableMappings } from "../model/aws/table-mappings";
import { taskSettings } from "../model/aws/task-settings";
import { UserError } from "../model/errors";
import { checkReplication, type ReplicationArgs } from "./replication-args";
import { ReplicationRoles } from "./replication-roles";

const TYPE = "full-load-and-cdc";

/**
 * Replication of a lake's source into bronze by AWS DMS. It is created stopped, and starting and
 * stopping it are commands of their own. It must be stopped before its tables or settings change:
 * DMS refuses to change the endpoints of what runs, where freshness, TLS, secret and `captureDdl`
 * are. The account must have the roles `dms-vpc-role` and `dms-cloudwatch-logs-role` (the account
 * stack has).
 */
export class Replication extends pulumi.ComponentResource {
  readonly roles: ReplicationRoles;
  /** Of the authority that the source's certificate is verified by. */
  readonly certificate?: aws.dms.Certificate;
  readonly source: aws.dms.Endpoint;
  readonly target: aws.dms.S3Endpoint;
  readonly subnetGroup: aws.dms.ReplicationSubnetGroup;
  /** Undefined for serverless replication. */
  readonly instance?: aws.dms.ReplicationInstance;
  /** On the instance; undefined for serverless replication. */
  readonly task?: aws.dms.ReplicationTask;
  /** Serverless replication. */
  readonly config?: aws.dms.ReplicationConfig;
  /** ARN of the task or of the serverless replication. */
  readonly arn: pulumi.Output<string>;
  readonly log: aws.cloudwatch.LogGroup;
  /**
   * What things are named in DMS, and the end of the task's ARN, by which its metrics
   * (`ReplicationTaskIdentifier`) know it.
   */
  readonly id: string;

  private readonly large: LargeValues;

  /** @throws UserError when the settings cannot work together. */
  constructor(
    name: string,
    private readonly args: ReplicationArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("lakewright:replication:Replication", name, {}, opts);
    checkReplication(args);
    this.id = identifier(name);
    this.large = largeValues(args.manifest, args.largestValueKb ?? 1024);
    this.roles = new ReplicationRoles(name, args, { parent: this });
    if (args.certificate !== undefined) this.certificate = this.createCertificate(args.certificate);
    this.source = this.createSource();
    this.target = this.createTarget();
    this.subnetGroup = this.createSubnetGroup();
    if ((args.compute ?? "instance") === "instance") {
      this.instance = this.createInstance();
      this.log = this.createLog(`dms-tasks-${this.instanceId}`);
      this.task = this.createTask(this.instance);
      this.arn = this.task.replicationTaskArn;
    } else {
      this.log = this.createLog(`dms-serverless-replication-${this.id}`);
      this.config = this.createConfig();
      this.arn = this.config.arn;
    }
    this.registerOutputs({ arn: this.arn });
  }

  /** Named after its content: DMS deletes no certificate that an endpoint still has. */
  private createCertificate(pem: string): aws.dms.Certificate {
    const hash = createHash("sha256").update(pem).digest("hex").slice(0, 8);
    return new aws.dms.Certificate(
      `${this.id}-source`,
      { certificateId: `${this.id}-source-${hash}`, certificatePem: pem },
      { parent: this },
    );
  }

  private createSource(): aws.dms.Endpoint {
    return new aws.dms.Endpoint(
      `${this.id}-source`,
      {
        endpointId: `${this.id}-source`,
        endpointType: "source",
        engineName: this.args.engine ?? "postgres",
        databaseName: this.args.database,
        secretsManagerArn: this.args.secretArn,
        secretsManagerAccessRoleArn: this.roles.source.arn,
        sslMode: this.args.tls ?? "require",
        certificateArn: this.certificate?.certificateArn,
        kmsKeyArn: this.args.key?.arn,
        postgresSettings: postgresSourceSettings(this.args.manifest, this.large, this.capturesDdl),
      },
      this.named({ dependsOn: [...this.roles.policies] }),
    );
  }

  private createTarget(): aws.dms.S3Endpoint {
    const { bronze, folder = "", key, epoch = 1, freshnessMinutes, manifest } = this.args;
    const { accountId } = aws.getCallerIdentityOutput({}, { parent: this });
    return new aws.dms.S3Endpoint(
      `${this.id}-target`,
      {
        endpointId: `${this.id}-target`,
        endpointType: "target",
        bucketName: bronze.bucket,
        expectedBucketOwner: accountId,
        serviceAccessRoleArn: this.roles.target.arn,
        encryptionMode: key ? "SSE_KMS" : "SSE_S3",
        serverSideEncryptionKmsKeyId: key?.arn,
        ...bronzeTargetSettings(epoch, freshnessMinutes, manifest.bronze_format, folder),
      },
      this.named({ dependsOn: [...this.roles.policies] }),
    );
  }

  private createSubnetGroup(): aws.dms.ReplicationSubnetGroup {
    return new aws.dms.ReplicationSubnetGroup(
      this.id,
      {
        replicationSubnetGroupId: this.instanceId,
        replicationSubnetGroupDescription: `Replication of ${this.id}`,
        subnetIds: this.args.subnetIds,
      },
      { parent: this },
    );
  }

  private createInstance(): aws.dms.ReplicationInstance {
    return new aws.dms.ReplicationInstance(
      this.id,
      {
        replicationInstanceId: this.instanceId,
        replicationInstanceClass: this.args.instanceClass ?? "dms.t3.medium",
        allocatedStorage: this.args.storageGb ?? 50,
        engineVersion: this.args.engineVersion,
        // A new version comes when somebody asks for it, and tasks can be stopped for it.
        autoMinorVersionUpgrade: false,
        allowMajorVersionUpgrade: false,
        applyImmediately: true,
        multiAz: this.args.multiAz ?? false,
        publiclyAccessible: this.args.publiclyAccessible ?? false,
        preferredMaintenanceWindow: this.args.maintenanceWindow ?? "sun:03:00-sun:04:00",
        replicationSubnetGroupId: this.subnetGroup.id,
        vpcSecurityGroupIds: this.args.securityGroupIds,
        kmsKeyArn: this.args.key?.arn,
      },
      { parent: this },
    );
  }

  private createTask(instance: aws.dms.ReplicationInstance): aws.dms.ReplicationTask {
    return new aws.dms.ReplicationTask(
      this.id,
      {
        replicationTaskId: this.id,
        resourceIdentifier: this.id,
        migrationType: TYPE,
        replicationInstanceArn: instance.replicationInstanceArn,
        sourceEndpointArn: this.source.endpointArn,
        targetEndpointArn: this.target.endpointArn,
        tableMappings: JSON.stringify(tableMappings(this.args.manifest)),
        replicationTaskSettings: JSON.stringify(taskSettings(this.large)),
      },
      this.named({ protect: !this.destroyable, dependsOn: this.log }),
    );
  }

  private createConfig(): aws.dms.ReplicationConfig {
    return new aws.dms.ReplicationConfig(
      this.id,
      {
        replicationConfigIdentifier: this.id,
        resourceIdentifier: this.id,
        replicationType: TYPE,
        sourceEndpointArn: this.source.endpointArn,
        targetEndpointArn: this.target.endpointArn,
        tableMappings: JSON.stringify(tableMappings(this.args.manifest)),
        replicationSettings: JSON.stringify(taskSettings(this.large)),
        computeConfig: {
          replicationSubnetGroupId: this.subnetGroup.id,
          vpcSecurityGroupIds: this.args.securityGroupIds,
          minCapacityUnits: this.args.minCapacityUnits ?? 1,
          maxCapacityUnits: this.args.maxCapacityUnits ?? 2,
          multiAz: this.args.multiAz ?? false,
          preferredMaintenanceWindow: this.args.maintenanceWindow ?? "sun:03:00-sun:04:00",
          kmsKeyId: this.args.key?.arn,
        },
      },
      this.named({ protect: !this.destroyable, dependsOn: this.log }),
    );
  }

  /** Under the name that DMS writes to, made here for its retention and key. */
  private createLog(logGroup: string): aws.cloudwatch.LogGroup {
    return new aws.cloudwatch.LogGroup(
      `${this.id}-replication`,
      {
        name: logGroup,
        retentionInDays: this.args.logDays ?? 30,
        kmsKeyId: this.args.logKey?.arn,
      },
      { parent: this },
    );
  }

  /** DMS has no two things of one name: the old one goes before its replacement comes. */
  private named(opts: pulumi.CustomResourceOptions = {}): pulumi.CustomResourceOptions {
    return { parent: this, deleteBeforeReplace: true, ...opts };
  }

  /**
   * Name of the instance and of its subnet group, which tells of what AWS changes in neither. So
   * Pulumi makes the new ones first, then has the task moved, with its place in the source's
   * changes, and deletes the old ones last: DMS deletes no instance that has a task. With another
   * key the task is replaced too, for its source endpoint is.
   */
  private get instanceId(): string {
    const { publiclyAccessible = false, key } = this.args;
    return [this.id, ...(publiclyAccessible ? ["public"] : []), ...(key ? ["kms"] : [])].join("-");
  }

  /** Whether DMS is told of columns that are added to the source. */
  get capturesDdl(): boolean {
    return this.args.captureDdl ?? false;
  }

  private get destroyable(): boolean {
    return this.args.destroyable ?? false;
  }
}

/** The end of an ARN of DMS has 31 characters at most. Source: AWS DMS API reference. */
const LONGEST_ID = 31;

/** A name as DMS takes it: letters, digits and single hyphens. */
function identifier(name: string): string {
  const id = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/-$/, "");
  if (id.length <= LONGEST_ID) return id;
  throw new UserError(`replication is named ${id}; DMS takes ${LONGEST_ID} characters at most`);
}
