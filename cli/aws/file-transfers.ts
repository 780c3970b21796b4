import {
  type DataSyncClient,
  DescribeTaskCommand,
  DescribeTaskExecutionCommand,
  StartTaskExecutionCommand,
} from "@aws-sdk/client-datasync";

import type { LakeValues } from "../../model/aws/outputs";
import { UserError } from "../../model/errors";
import { isAwsError } from "./aws-error";
import { poll } from "./poll";

const LONGEST_TRANSFER_MS = 24 * 3_600_000;

/** What one transfer came to, or has come to so far. */
export interface Transfer {
  /** As AWS DataSync names it: `TRANSFERRING`, `SUCCESS`, `ERROR`. */
  readonly status: string;
  /** Files and folders. */
  readonly transferred: number;
  /** Of these, those whose checksums were compared. */
  readonly verified: number;
  /** Bytes of the files. */
  readonly bytes: number;
  readonly seconds: number;
  /** As AWS DataSync says it, where it failed. */
  readonly error?: string | undefined;
}

/**
 * The lake's DataSync task.
 * @throws UserError where it has none
 */
export function transferTask({ files }: Pick<LakeValues, "files">): string {
  if (!files)
    throw new UserError("the lake has no files: no table of its definition declares some");
  if (files.taskArn !== null) return files.taskArn;
  throw new UserError(
    `nothing transfers the lake's files: the setting \`files\` makes an AWS DataSync task. Without one, put them there: aws s3 cp <file> ${files.location}<folder>/`,
  );
}

/**
 * The transfer that runs now, of whoever started it; undefined for none. A task runs one at a time,
 * and starts no other meanwhile.
 * @returns the ARN of its execution
 */
export async function runningTransfer(
  datasync: DataSyncClient,
  taskArn: string,
): Promise<string | undefined> {
  const { CurrentTaskExecutionArn } = await datasync.send(
    new DescribeTaskCommand({ TaskArn: taskArn }),
  );
  return CurrentTaskExecutionArn;
}

/**
 * Starts a transfer.
 * @returns the ARN of its execution
 */
export async function startTransfer(datasync: DataSyncClient, taskArn: string): Promise<string> {
  try {
    const { TaskExecutionArn } = await datasync.send(
      new StartTaskExecutionCommand({ TaskArn: taskArn }),
    );
    return TaskExecutionArn as string;
  } catch (error) {
    if (!isAwsError(error, "InvalidRequestException")) throw error;
    throw new UserError(
      `AWS DataSync does not start ${taskArn}: ${(error as Error).message}; look whether its agents are online (aws datasync list-agents)`,
    );
  }
}

/** Waits for a transfer's end, and tells of each state that it comes to before. */
export async function untilTransferred(
  datasync: DataSyncClient,
  executionArn: string,
  {
    everyMs = 10_000,
    signal,
    onStatus,
  }: { everyMs?: number; signal?: AbortSignal; onStatus?: (status: string) => void },
): Promise<Transfer> {
  let last: string | undefined;
  const ask = async () => {
    const transfer = await describe(datasync, executionArn);
    if (transfer.status !== last && !isOver(transfer)) onStatus?.(transfer.status);
    last = transfer.status;
    return transfer;
  };
  return poll(ask, isOver, {
    what: "the transfer to end",
    everyMs,
    timeoutMs: LONGEST_TRANSFER_MS,
    ...(signal ? { signal } : {}),
  });
}

function isOver({ status }: Transfer): boolean {
  return status === "SUCCESS" || status === "ERROR";
}

async function describe(datasync: DataSyncClient, executionArn: string): Promise<Transfer> {
  const found = await datasync.send(
    new DescribeTaskExecutionCommand({ TaskExecutionArn: executionArn }),
  );
  const { Result: result = {} } = found;
  const error = [result.ErrorCode, result.ErrorDetail].filter(Boolean).join(": ");
  return {
    status: found.Status ?? "",
    transferred: found.FilesTransferred ?? 0,
    verified: found.FilesVerified ?? 0,
    bytes: found.BytesWritten ?? 0,
    seconds: (result.TotalDuration ?? 0) / 1000,
    error: error || undefined,
  };
}
