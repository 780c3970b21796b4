import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import {
  HOURLY,
  shareUser,
  starterStatements,
  taskOptions,
  transferFilters,
  transferStatements,
} from "../model/aws/transfer";
import { type DeploymentPlace, deploymentPlace } from "./deployment-place";
import {
  checkTransfer,
  type FileTransferArgs,
  type NfsServer,
  type SmbServer,
} from "./file-transfer-args";
import { policyDocument } from "./policy-document";
import { TRANSFER_LOGS } from "./transfer-logs";

/** Prefix of the files in theirs. */
const FILES = "files/";
/** Prefix of the reports in their bucket. */
const REPORTS = "datasync/";

/** Copies dropped files from a file server into the lake by AWS DataSync; it deletes none there. */
export class FileTransfer extends pulumi.ComponentResource {
  /** DataSync's, on the lake's buckets. */
  readonly role: aws.iam.Role;
  readonly source: aws.datasync.NfsLocation | aws.datasync.LocationSmb;
  readonly destination: aws.datasync.S3Location;
  readonly log: aws.cloudwatch.LogGroup;
  readonly task: aws.datasync.Task;
  /** For those who may start a transfer, where there are some. */
  readonly starterRole?: aws.iam.Role;

  private readonly place: pulumi.Output<DeploymentPlace>;

  /** @throws UserError when the settings cannot work together. */
  constructor(
    private readonly name: string,
    private readonly args: FileTransferArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    checkTransfer(name, args);
    super("lakewright:transfer:FileTransfer", name, {}, opts);
    this.place = deploymentPlace(this);
    this.role = this.createRole();
    const rights = this.createRights();
    this.source = args.protocol === "nfs" ? this.createNfs(args) : this.createSmb(args);
    this.destination = this.createDestination(rights);
    this.log = this.createLog();
    this.task = this.createTask([rights, args.logs.policy]);
    const { starters = [] } = args;
    if (starters.length > 0) this.starterRole = this.createStarterRole(starters);
    this.registerOutputs({ taskArn: this.task.arn });
  }

  private get prefix(): string {
    return this.args.prefix ?? FILES;
  }

  /** DataSync of this account and region alone (the confused deputy). */
  private createRole(): aws.iam.Role {
    const { partition, region, account } = this.place;
    const trust = {
      Effect: "Allow",
      Principal: { Service: "datasync.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: {
        StringEquals: { "aws:SourceAccount": account },
        ArnLike: {
          "aws:SourceArn": pulumi.interpolate`arn:${partition}:datasync:${region}:${account}:*`,
        },
      },
    };
    return new aws.iam.Role(
      `${this.name}-files`,
      { assumeRolePolicy: policyDocument([trust]), description: `Files into ${this.name}` },
      { parent: this },
    );
  }

  private createRights(): aws.iam.RolePolicy {
    const { bucket, key, reports } = this.args;
    const rights = pulumi.output({
      bucket: bucket.arn,
      prefix: this.prefix,
      key: key?.arn,
      reports: reports && { bucket: reports.arn, prefix: REPORTS },
    });
    return new aws.iam.RolePolicy(
      `${this.name}-files`,
      { role: this.role.id, policy: rights.apply(transferStatements).apply(policyDocument) },
      { parent: this.role },
    );
  }

  private createNfs({ server, path, agents, version }: NfsServer): aws.datasync.NfsLocation {
    return new aws.datasync.NfsLocation(
      `${this.name}-files`,
      {
        serverHostname: server,
        subdirectory: withSlash(path),
        onPremConfig: { agentArns: [...agents] },
        mountOptions: { version: version ?? "AUTOMATIC" },
      },
      { parent: this },
    );
  }

  private createSmb(smb: SmbServer): aws.datasync.LocationSmb {
    const { server, path, agents, version, secretArn } = smb;
    const { secretString } = aws.secretsmanager.getSecretVersionOutput(
      { secretId: secretArn },
      { parent: this },
    );
    const user = pulumi.secret(secretString).apply((text) => shareUser(text, secretArn));
    return new aws.datasync.LocationSmb(
      `${this.name}-files`,
      {
        serverHostname: server,
        subdirectory: withSlash(path),
        agentArns: [...agents],
        user: user.username,
        password: user.password,
        domain: user.domain,
        mountOptions: { version: version ?? "AUTOMATIC" },
      },
      { parent: this },
    );
  }

  private createDestination(rights: aws.iam.RolePolicy): aws.datasync.S3Location {
    const { bucket, storageClass } = this.args;
    return new aws.datasync.S3Location(
      `${this.name}-files`,
      {
        s3BucketArn: bucket.arn,
        subdirectory: `/${this.prefix}`,
        s3StorageClass: storageClass ?? "STANDARD",
        s3Config: { bucketAccessRoleArn: this.role.arn },
      },
      { parent: this, dependsOn: rights },
    );
  }

  private createLog(): aws.cloudwatch.LogGroup {
    return new aws.cloudwatch.LogGroup(
      `${this.name}-files`,
      {
        name: `${TRANSFER_LOGS}${this.name}`,
        retentionInDays: this.args.logDays ?? 30,
        kmsKeyId: this.args.key?.arn,
      },
      { parent: this },
    );
  }

  private createTask(dependsOn: pulumi.Resource[]): aws.datasync.Task {
    const { folders, exclude = [], schedule = HOURLY, reports } = this.args;
    return new aws.datasync.Task(
      `${this.name}-files`,
      {
        name: `${this.name}-files`,
        sourceLocationArn: this.source.arn,
        destinationLocationArn: this.destination.arn,
        // The mode that goes with agents beside the file server.
        taskMode: "BASIC",
        options: taskOptions(this.args),
        ...transferFilters(folders, exclude),
        ...(schedule === "none" ? {} : { schedule: { scheduleExpression: schedule } }),
        cloudwatchLogGroupArn: this.log.arn,
        ...(reports ? { taskReportConfig: this.reportConfig(reports) } : {}),
      },
      { parent: this, dependsOn },
    );
  }

  private reportConfig(bucket: aws.s3.Bucket) {
    return {
      s3Destination: {
        bucketAccessRoleArn: this.role.arn,
        s3BucketArn: bucket.arn,
        subdirectory: REPORTS,
      },
      outputType: "STANDARD",
      reportLevel: "SUCCESSES_AND_ERRORS",
      s3ObjectVersioning: "NONE",
    };
  }

  private createStarterRole(starters: readonly pulumi.Input<string>[]): aws.iam.Role {
    const role = new aws.iam.Role(
      `${this.name}-files-starter`,
      {
        assumeRolePolicy: policyDocument([
          { Effect: "Allow", Principal: { AWS: [...starters] }, Action: "sts:AssumeRole" },
        ]),
        description: `Starts transfers of files into ${this.name}`,
      },
      { parent: this },
    );
    new aws.iam.RolePolicy(
      `${this.name}-files-starter`,
      { role: role.id, policy: this.task.arn.apply(starterStatements).apply(policyDocument) },
      { parent: role },
    );
    return role;
  }
}

/** The path as DataSync gives it back: without the slash, each preview would find a difference. */
function withSlash(path: string): string {
  return path.endsWith("/") ? path : `${path}/`;
}
