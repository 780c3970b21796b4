import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { scheduleProblem, type VerifyMode } from "../model/aws/transfer";
import { UserError } from "../model/errors";
import type { TransferLogs } from "./transfer-logs";

/** What files are read from. */
type FileServer = NfsServer | SmbServer;

interface AnyServer {
  /** Name or IP address, as the agents reach it. */
  readonly server: string;
  /** Where the tables' folders are, with `/` between folders: an export, or a share and on. */
  readonly path: string;
  /** ARNs of the DataSync agents beside the server, activated in the region. */
  readonly agents: readonly string[];
}

export interface NfsServer extends AnyServer {
  readonly protocol: "nfs";
  /** @default "AUTOMATIC", the newest that both sides know */
  readonly version?: "AUTOMATIC" | "NFS3" | "NFS4_0" | "NFS4_1" | undefined;
}

export interface SmbServer extends AnyServer {
  readonly protocol: "smb";
  /** @default "AUTOMATIC", the newest that both sides know */
  readonly version?: "AUTOMATIC" | "SMB2" | "SMB3" | undefined;
  /**
   * ARN of a secret with `username`, `password` and, for a user of a Windows domain, `domain`. Who
   * deploys reads it; the state holds the password encrypted.
   */
  readonly secretArn: string;
}

interface TransferArgs {
  /** Folders below the server's path that are transferred, each with what is in it. */
  readonly folders: readonly string[];
  /** Where files go. */
  readonly bucket: aws.s3.Bucket;
  /** Prefix of the objects that files become, which ends with `/`. @default "files/" */
  readonly prefix?: string;
  /** Encrypts the bucket and the logs. @default AWS's own encryption */
  readonly key?: aws.kms.Key | undefined;
  /** Lets DataSync log. */
  readonly logs: TransferLogs;
  /** Bucket for a report of each transfer, by file. @default none are written */
  readonly reports?: aws.s3.Bucket | undefined;
  /** Storage class of new objects, which answers at once. @default "STANDARD" */
  readonly storageClass?: "STANDARD" | "STANDARD_IA" | "GLACIER_INSTANT_RETRIEVAL" | undefined;
  /**
   * `rate(…)` or `cron(…)` (UTC), hourly at most; `none`: somebody starts each.
   * @default "rate(1 hour)"
   */
  readonly schedule?: string | undefined;
  /** MB (1,048,576 bytes) a second at most. @default as much as there is */
  readonly mbPerSecond?: number | undefined;
  /**
   * `ONLY_FILES_TRANSFERRED`: what a transfer sent, by checksum; `POINT_IN_TIME_CONSISTENT`: all
   * that was ever sent.
   * @default "ONLY_FILES_TRANSFERRED"
   */
  readonly verifyMode?: VerifyMode | undefined;
  /**
   * Whether a file that changes at the server replaces the object, and is read as another delivery.
   * With `false` an object stays as it came first: also one that was copied half-written, whose rest
   * never comes.
   * @default true
   */
  readonly overwrite?: boolean | undefined;
  /**
   * Patterns of what stays at the server, as `*.bak`, beside what is held back by its name: files
   * that are not ready, and names with a colon, which no run opens.
   * @default none
   */
  readonly exclude?: readonly string[] | undefined;
  /**
   * ARNs of users and roles that may start transfers, by a role that is made for them.
   * @default none
   */
  readonly starters?: readonly pulumi.Input<string>[] | undefined;
  /** Days that logs are kept. @default 30 */
  readonly logDays?: number;
}

export type FileTransferArgs = FileServer & TransferArgs;

/** @throws UserError for arguments that cannot work together */
export function checkTransfer(name: string, args: FileTransferArgs): void {
  const { agents, folders, prefix, schedule, mbPerSecond } = args;
  const problem = (text: string) => new UserError(`file transfer ${name}: ${text}`);
  if (folders.length === 0) {
    throw problem("folders is empty; give the folders of the tables that have files");
  }
  if (agents.length === 0) {
    throw problem("agents is empty; give the ARN of a DataSync agent that reaches the server");
  }
  if (prefix !== undefined && !/^[^/].*\/$/.test(prefix)) {
    throw problem(`prefix is "${prefix}"; expected one that ends with / and begins without`);
  }
  if (mbPerSecond !== undefined && !(mbPerSecond > 0)) {
    throw problem(`mbPerSecond is ${mbPerSecond}; expected more than 0, or leave it out`);
  }
  const wrong =
    schedule === undefined || schedule === "none" ? undefined : scheduleProblem(schedule);
  if (wrong) throw problem(`schedule: ${wrong}`);
}
