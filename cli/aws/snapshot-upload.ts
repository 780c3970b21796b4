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
import { SNAPSHOTS } from "../../model/aws/job";
import { inFolder } from "../../model/zones";
import { AwsError, isAwsError } from "./aws-error";

/** Keys that one call of DeleteObjects takes. */
const KEYS_PER_CALL = 1000;

/**
 * A snapshot of the source beside a lake's bookkeeping, in the layout that
 * glue-scripts/lakewright/uploads.py reads.
 */
export class SnapshotUpload {
  private readonly versions: ObjectIdentifier[] = [];
  private readonly bucket: string;
  private readonly root: string;

  /**
   * @param ops `s3://` address of the bookkeeping
   * @param name sorts after those of earlier snapshots
   */
  constructor(
    private readonly s3: S3Client,
    ops: string,
    name: string,
  ) {
    const [bucket = "", ...folder] = ops.replace("s3://", "").split("/");
    this.bucket = bucket;
    this.root = inFolder(folder.join("/"), `${SNAPSHOTS}${name}`);
  }

  /** Uploads `<schema>/<table>/*.parquet` of the folder, and says that it is complete. */
  async put(folder: string, signal: AbortSignal): Promise<void> {
    await inParallel(filesBelow(folder), (file) => {
      const key = relative(folder, file).split(sep).join("/");
      return this.write(`snapshot/${key}`, createReadStream(file), signal);
    });
    await this.write("complete", Buffer.alloc(0), signal);
  }

  /** What the job found, as it wrote it; undefined where it did not compare. */
  async result(): Promise<string | undefined> {
    const Key = `${this.root}/result.json`;
    try {
      const found = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key }));
      this.versions.push({ Key, VersionId: found.VersionId });
      return await found.Body?.transformToString();
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
