import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { relative, sep } from "node:path";

import {
  DeleteObjectsCommand,
  GetObjectCommand,
  type ObjectIdentifier,
  type S3Client,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";

import { inParallel } from "../../analytics/in-parallel";
import { filesBelow } from "../../local/process/files";
import { REQUESTS } from "../../model/aws/job";
import { inFolder } from "../../model/zones";
import { AwsError, isAwsError } from "./aws-error";

/** Keys that one call of DeleteObjects takes. */
const KEYS_PER_CALL = 1000;

/** What a step of the job answers. */
export type JobAnswer =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly error: string; readonly kind: "user" | "bug" };

/**
 * A request to a lake's job beside the lake's bookkeeping, in the layout that
 * glue-scripts/lakewright/requests.py reads.
 */
export class JobRequest {
  private readonly versions: ObjectIdentifier[] = [];
  private readonly bucket: string;
  private readonly root: string;

  /** @param ops `s3://` address of the bookkeeping */
  constructor(
    private readonly s3: S3Client,
    ops: string,
  ) {
    const [bucket = "", ...folder] = ops.replace("s3://", "").split("/");
    this.bucket = bucket;
    this.root = inFolder(folder.join("/"), `${REQUESTS}${requestName()}`);
  }

  /**
   * Uploads the files below a folder, for the request's arguments to name.
   * @returns their `s3://` address
   */
  async attach(folder: string, signal: AbortSignal): Promise<string> {
    await inParallel(filesBelow(folder), (file) => {
      const key = relative(folder, file).split(sep).join("/");
      return this.write(`attached/${key}`, createReadStream(file), signal);
    });
    return `s3://${this.bucket}/${this.root}/attached`;
  }

  /** Asks for a step; the job's step `requests` answers. */
  async ask(step: string, args: object, signal: AbortSignal): Promise<void> {
    await this.write("request.json", Buffer.from(JSON.stringify({ step, args })), signal);
  }

  /** The job's answer; undefined where there is none. */
  async answer(): Promise<JobAnswer | undefined> {
    const Key = `${this.root}/result.json`;
    try {
      const found = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key }));
      this.versions.push({ Key, VersionId: found.VersionId });
      return JSON.parse((await found.Body?.transformToString()) ?? "") as JobAnswer;
    } catch (error) {
      if (isAwsError(error, "NoSuchKey")) return undefined;
      throw error;
    }
  }

  /** Removes all that is known of it, for good: the bucket would keep versions of the rows. */
  async remove(): Promise<void> {
    while (this.versions.length > 0) {
      const Objects = this.versions.splice(0, KEYS_PER_CALL);
      const { Errors = [] } = await this.s3.send(
        new DeleteObjectsCommand({ Bucket: this.bucket, Delete: { Objects, Quiet: true } }),
      );
      if (Errors[0]) throw new AwsError(`${Errors[0].Key}: ${Errors[0].Message}`, "DeleteObjects");
    }
  }

  private async write(
    name: string,
    Body: NodeJS.ReadableStream | Buffer,
    signal: AbortSignal,
  ): Promise<void> {
    const Key = `${this.root}/${name}`;
    const params = { Bucket: this.bucket, Key, Body: Body as never };
    const upload = new Upload({ client: this.s3, params });
    const abort = () => void upload.abort();
    signal.addEventListener("abort", abort, { once: true });
    try {
      const { VersionId } = await upload.done();
      this.versions.push({ Key, VersionId });
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }
}

/** Sorts by time, and differs from another of the same moment. */
function requestName(): string {
  return `${new Date().toISOString().replace(/[:.]/g, "")}-${randomBytes(4).toString("hex")}`;
}
