import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { UserError } from "../model/errors";
import type { Manifest } from "../model/manifest";

export interface ReplicationArgs {
  /** The lake: its tables, control tables and largest values. */
  readonly manifest: Manifest;
  /**
   * Wanted freshness of silver, in minutes: change files come four times as often. Stop the task
   * before it is changed.
   */
  readonly freshnessMinutes: number;
  /** Where change files go. */
  readonly bronze: aws.s3.Bucket;
  /** Folder of bronze in it, `raw/database` style. @default "", all of the bucket */
  readonly folder?: string;
  /**
   * Encrypts change files, the endpoints' settings and the storage of DMS.
   * @default Amazon S3's and DMS's own keys
   */
  readonly key?: aws.kms.Key;
  /**
   * Encrypts the task's log; its policy must let CloudWatch Logs use it.
   * @default CloudWatch's own key
   */
  readonly logKey?: aws.kms.Key;
  /**
   * Number of the full load whose folder in bronze is written to. A reload needs the next one: DMS
   * gives the files of every load the same names. Stop the task before it is raised, and start it
   * with a reload after.
   * @default 1
   */
  readonly epoch?: number;

  /** Name of the database to read. */
  readonly database: pulumi.Input<string>;
  /** @default "postgres" */
  readonly engine?: "postgres" | "aurora-postgresql";
  /**
   * Secret in Secrets Manager with `host`, `port`, `username` and `password`. A master password
   * that RDS manages is none: it lacks host and port, which DMS needs.
   */
  readonly secretArn: pulumi.Input<string>;
  /**
   * The key that encrypts the secret, where it is not Secrets Manager's own.
   * @default Secrets Manager's own key
   */
  readonly secretKeyArn?: pulumi.Input<string>;
  /**
   * What the connection to the source demands: TLS (`require`), also a certificate of an authority
   * that is trusted (`verify-ca`), also one that names the host (`verify-full`).
   * @default "require"
   */
  readonly tls?: "require" | "verify-ca" | "verify-full";
  /**
   * Certificate, in PEM, of the authority that signed the source's, for `verify-ca` and
   * `verify-full`.
   */
  readonly certificate?: string;
  /**
   * Whether an event trigger in the source tells DMS of added columns. DMS installs it where its user
   * is a superuser (`rds_superuser`); else install it by `./lake source sql --capture-ddl`, before
   * replication starts. Without, an added column comes with a reload.
   * @default false
   */
  readonly captureDdl?: boolean;
  /**
   * KB of the largest text, json, xml or bytea value, where the lake never cuts any (`maxLobKb`): a
   * longer one stops the task. The larger, the slower are full loads.
   * @default 1024
   */
  readonly largestValueKb?: number;

  /** Two subnets at least, in two zones. */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  readonly securityGroupIds: pulumi.Input<string>[];
  /** Whether these subnets reach Secrets Manager (`Network.reaches("secretsmanager")`). */
  readonly reachesSecretsManager: boolean;

  /**
   * A replication instance, which costs by the hour while it exists; or `serverless`, which costs
   * by capacity while it runs.
   * @default "instance"
   */
  readonly compute?: "instance" | "serverless";
  /**
   * Whether there is a standby in a second zone.
   * @default false
   */
  readonly multiAz?: boolean;
  /**
   * When AWS may maintain DMS, in UTC.
   * @default "sun:03:00-sun:04:00"
   */
  readonly maintenanceWindow?: string;
  /**
   * Class of the instance.
   * @default "dms.t3.medium"
   */
  readonly instanceClass?: string;
  /**
   * GB of the instance's storage, for logs and for changes that wait.
   * @default 50
   */
  readonly storageGb?: number;
  /**
   * Version of DMS.
   * @default the one that AWS prefers when the instance is created
   */
  readonly engineVersion?: string;
  /**
   * Whether the instance has a public address; its subnets must be public then.
   * @default false
   */
  readonly publiclyAccessible?: boolean;
  /**
   * Least and most capacity units (2 GB of memory each) of serverless replication.
   * @default 1
   */
  readonly minCapacityUnits?: number;
  /** @default 2 */
  readonly maxCapacityUnits?: number;

  /**
   * Days after which the task's log is deleted.
   * @default 30
   */
  readonly logDays?: number;
  /**
   * Whether the task may be deleted with its place in the source's changes, which a full load alone
   * makes good.
   * @default false
   */
  readonly destroyable?: boolean;
}

/** Settings that mean something to one kind of compute alone. */
const FOR_COMPUTE = {
  instance: ["instanceClass", "storageGb", "engineVersion", "publiclyAccessible"],
  serverless: ["minCapacityUnits", "maxCapacityUnits"],
} as const;

/** Capacity units that DMS Serverless has. Source: AWS DMS user guide. */
const CAPACITY_UNITS = [1, 2, 4, 8, 16, 32, 64, 128, 192, 256, 384];

/** @throws UserError naming every setting that cannot work with the others. */
export function checkReplication(args: ReplicationArgs): void {
  const problems = [
    ...computeProblems(args),
    ...tlsProblems(args),
    ...(args.reachesSecretsManager || args.publiclyAccessible
      ? []
      : [
          "the source's password is in Secrets Manager, which private replication does not reach: " +
            'add "secretsmanager" to the interface endpoints, or NAT, or replicate publicly',
        ]),
  ];
  if (problems.length > 0) {
    const lake = `lake "${args.manifest.lake}"`;
    throw new UserError(`replication of ${lake} cannot work as set:\n  ${problems.join("\n  ")}`);
  }
}

function computeProblems(args: ReplicationArgs): string[] {
  const compute = args.compute ?? "instance";
  const foreign = compute === "instance" ? FOR_COMPUTE.serverless : FOR_COMPUTE.instance;
  const problems = foreign
    .filter((name) => args[name] !== undefined)
    .map((name) => `${name} means nothing to compute "${compute}"; leave it out`);
  const { minCapacityUnits: least = 1, maxCapacityUnits: most = 2 } = args;
  for (const [name, units] of Object.entries({ minCapacityUnits: least, maxCapacityUnits: most })) {
    if (CAPACITY_UNITS.includes(units)) continue;
    problems.push(`${name} is ${units}; expected one of ${CAPACITY_UNITS.join(", ")}`);
  }
  if (least > most) problems.push(`minCapacityUnits ${least} is above maxCapacityUnits ${most}`);
  return problems;
}

function tlsProblems({ tls = "require", certificate }: ReplicationArgs): string[] {
  if (tls !== "require" && certificate === undefined) {
    return [`tls "${tls}" needs the certificate of the authority that signed the source's`];
  }
  if (tls === "require" && certificate !== undefined) {
    return ['certificate is not looked at with tls "require"; set "verify-full"'];
  }
  if (certificate !== undefined && !certificate.includes("-----BEGIN CERTIFICATE-----")) {
    return ["certificate is none in PEM: it has no line -----BEGIN CERTIFICATE-----"];
  }
  return [];
}
