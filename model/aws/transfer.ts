import { heldBackPatterns } from "../dropped-files";
import { UserError } from "../errors";
import type { Allow } from "./job";

/**
 * Transfers of dropped files by AWS DataSync, in its terms. Sources: AWS DataSync user guide,
 * "Configuring transfers with Amazon S3", "Filtering", "Task settings" and "Scheduling".
 */

/** When transfers start unless the settings say otherwise; DataSync starts no task more often. */
export const HOURLY = "rate(1 hour)";

/** Bytes of the MB that bandwidth is given in. */
const MB = 1024 * 1024;
const MINUTES_PER_HOUR = 60;

/** How a transfer checks that what arrived is what was sent. */
export type VerifyMode = "ONLY_FILES_TRANSFERRED" | "POINT_IN_TIME_CONSISTENT";

export interface TransferOptions {
  readonly mbPerSecond?: number | undefined;
  readonly verifyMode?: VerifyMode | undefined;
  readonly overwrite?: boolean | undefined;
}

/**
 * A task's options. Files are compared by size and time of change, and times are all that is kept of
 * their metadata: owners and permissions mean nothing in S3, and a change of them would send the
 * file again.
 */
export function taskOptions({ mbPerSecond, verifyMode, overwrite = true }: TransferOptions) {
  return {
    transferMode: "CHANGED",
    // A file that was copied half-written is sent again when it is whole; the job takes an object that
    // changed as another delivery, and the bucket's versions keep the earlier one.
    overwriteMode: overwrite ? "ALWAYS" : "NEVER",
    // What silver was built from stays, whatever becomes of it at the file server.
    preserveDeletedFiles: "PRESERVE",
    // The other mode reads all that is there again, also from classes that bill for it.
    verifyMode: verifyMode ?? "ONLY_FILES_TRANSFERRED",
    bytesPerSecond: mbPerSecond === undefined ? -1 : Math.round(mbPerSecond * MB),
    taskQueueing: "ENABLED",
    logLevel: "BASIC",
    mtime: "PRESERVE",
    // DataSync wants it where the time of change is kept.
    atime: "BEST_EFFORT",
    uid: "NONE",
    gid: "NONE",
    posixPermissions: "NONE",
    preserveDevices: "NONE",
    objectTags: "NONE",
  };
}

/**
 * A task's filters: the folders of the lake's tables, and of these nothing that is held back.
 * @param folders below the file server's path, each with what is in it
 * @param exclude further patterns, as `/customers/old` or `*.bak`
 */
export function transferFilters(folders: readonly string[], exclude: readonly string[]) {
  const filter = (patterns: readonly string[]) => ({
    filterType: "SIMPLE_PATTERN",
    value: patterns.join("|"),
  });
  return {
    includes: filter(folders.map((folder) => `/${escaped(folder)}`)),
    excludes: filter([...heldBackPatterns(), ...exclude]),
  };
}

/** A name in which no character is a filter's own. */
function escaped(name: string): string {
  return name.replaceAll(/[\\*|]/g, (character) => `\\${character}`);
}

/** What is wrong with a task's schedule; undefined for one that DataSync takes. */
export function scheduleProblem(expression: string): string | undefined {
  if (/^cron\(\S+( \S+){5}\)$/.test(expression)) {
    const minutes = /^cron\((\S+)/.exec(expression)![1]!;
    return /^\d+$/.test(minutes) ? undefined : tooOften(expression);
  }
  const rate = /^rate\(([1-9]\d*) (minute|hour|day)s?\)$/.exec(expression);
  if (!rate) return "expected rate(…), cron(…) or none, as rate(1 hour)";
  const isMinutes = rate[2] === "minute";
  return isMinutes && Number(rate[1]) < MINUTES_PER_HOUR ? tooOften(expression) : undefined;
}

function tooOften(expression: string): string {
  return `${expression} is more often than hourly, which AWS DataSync does not do; let who drops the files start the transfer (starters)`;
}

export interface TransferRights {
  /** ARN of the bucket that files go to. */
  readonly bucket: string;
  /** Prefix of all that is written there. */
  readonly prefix: string;
  /** ARN of the key that encrypts it, if the lake has one. */
  readonly key?: string | undefined;
  /** Where reports go, if they are written. */
  readonly reports?: { readonly bucket: string; readonly prefix: string } | undefined;
}

/**
 * What DataSync may do with the lake's buckets. It asks for the right to delete, though the task
 * never does; versions of objects, which bring back what is deleted, it cannot delete. Lists are
 * asked of the bucket as a whole when a location is made.
 */
export function transferStatements({ bucket, prefix, key, reports }: TransferRights): Allow[] {
  const allow = (Sid: string, Action: string[], Resource: string): Allow => ({
    Sid,
    Effect: "Allow",
    Action,
    Resource,
  });
  return [
    allow(
      "ListBucket",
      ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
      bucket,
    ),
    allow(
      "WriteFiles",
      [
        "s3:AbortMultipartUpload",
        "s3:DeleteObject",
        "s3:GetObject",
        "s3:GetObjectTagging",
        "s3:GetObjectVersion",
        "s3:GetObjectVersionTagging",
        "s3:ListMultipartUploadParts",
        "s3:PutObject",
        "s3:PutObjectTagging",
      ],
      `${bucket}/${prefix}*`,
    ),
    ...(reports
      ? [allow("WriteReports", ["s3:PutObject"], `${reports.bucket}/${reports.prefix}*`)]
      : []),
    // A file in several parts is encrypted by GenerateDataKey and put together by Decrypt.
    ...(key ? [allow("UseKey", ["kms:Decrypt", "kms:GenerateDataKey"], key)] : []),
  ];
}

/** What those who may start a transfer are allowed: to start it and to see how it goes. */
export function starterStatements(taskArn: string): Allow[] {
  return [
    {
      Sid: "StartTransfer",
      Effect: "Allow",
      Action: [
        "datasync:StartTaskExecution",
        "datasync:DescribeTask",
        "datasync:DescribeTaskExecution",
      ],
      Resource: [taskArn, `${taskArn}/execution/*`],
    },
  ];
}

/** The user that mounts an SMB share. */
export interface ShareUser {
  readonly username: string;
  readonly password: string;
  /** Windows domain; undefined for a user of the server's own. */
  readonly domain?: string | undefined;
}

/**
 * The user in a secret's text.
 * @throws UserError where it is not what is expected; its text is not repeated
 */
export function shareUser(secretText: string, secretArn: string): ShareUser {
  const { username, password, domain } = fieldsOf(secretText);
  if (typeof username === "string" && typeof password === "string") {
    return { username, password, domain: typeof domain === "string" ? domain : undefined };
  }
  throw new UserError(
    `the secret ${secretArn} of the file server: expected JSON with username and password, and domain where there is one`,
  );
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(text) ?? {}) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
