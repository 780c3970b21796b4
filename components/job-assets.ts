import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Manifest } from "../model/manifest";

/** The scripts of this checkout. */
const SCRIPTS = join(__dirname, "..", "glue-scripts");

export interface JobAssetsArgs {
  /** Bucket that the job reads its code from. */
  readonly bucket: aws.s3.Bucket;
  readonly manifest: Manifest;
  /** Paths of jars to upload. @default none */
  readonly jars?: readonly string[];
}

/**
 * What the job runs, in S3: script, package, manifest with the compiled columns, jars. All but the
 * jars are in a folder that is named by the hash of their contents, so that a run has a whole
 * release, whatever is deployed meanwhile. Former releases stay, some hundred kilobytes each: a run
 * may still read them. They go with the bucket.
 */
export class JobAssets extends pulumi.ComponentResource {
  /** `s3://` addresses. */
  readonly script: pulumi.Output<string>;
  readonly package: pulumi.Output<string>;
  readonly manifest: pulumi.Output<string>;
  readonly jars: readonly pulumi.Output<string>[];
  /** Hash of script, package and manifest. */
  readonly release: string;

  constructor(
    private readonly name: string,
    private readonly args: JobAssetsArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("lakewright:processing:JobAssets", name, {}, opts);
    const files = packageFiles();
    const manifest = JSON.stringify(args.manifest);
    this.release = contentHash([
      ...files.map(({ path, inside }) => [inside, readFileSync(path)] as const),
      ["lake_job.py", readFileSync(join(SCRIPTS, "lake_job.py"))],
      ["manifest.json", Buffer.from(manifest)],
    ]);
    const folder = `releases/${this.release}`;
    const archive = files.map(
      ({ path, inside }) => [inside, new pulumi.asset.FileAsset(path)] as const,
    );
    this.script = this.upload("script", `${folder}/lake_job.py`, {
      source: new pulumi.asset.FileAsset(join(SCRIPTS, "lake_job.py")),
    });
    this.package = this.upload("package", `${folder}/lakewright.zip`, {
      source: new pulumi.asset.AssetArchive(Object.fromEntries(archive)),
    });
    this.manifest = this.upload("manifest", `${folder}/manifest.json`, {
      content: manifest,
      contentType: "application/json",
    });
    this.jars = (args.jars ?? []).map((path) => this.uploadJar(path));
    this.registerOutputs({ release: this.release });
  }

  private uploadJar(path: string): pulumi.Output<string> {
    const file = basename(path);
    const hash = contentHash([[file, readFileSync(path)]]);
    return this.upload(file, `jars/${hash}/${file}`, {
      source: new pulumi.asset.FileAsset(path),
    });
  }

  private upload(
    part: string,
    key: string,
    content: Pick<aws.s3.BucketObjectv2Args, "source" | "content" | "contentType">,
  ): pulumi.Output<string> {
    const object = new aws.s3.BucketObjectv2(
      `${this.name}-${part}`,
      { bucket: this.args.bucket.bucket, key, ...content },
      { parent: this, retainOnDelete: true },
    );
    return pulumi.interpolate`s3://${object.bucket}/${object.key}`;
  }
}

/** The package's files: where they are, and where in the zip. */
export function packageFiles(): { path: string; inside: string }[] {
  const folder = join(SCRIPTS, "lakewright");
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(py|json)$/.test(entry.name))
    .map(({ name }) => ({ path: join(folder, name), inside: `lakewright/${name}` }))
    .sort((one, other) => one.inside.localeCompare(other.inside));
}

/** Spark's configuration that laptop and AWS share. */
export function sparkDefaults(): Record<string, string> {
  const file = join(SCRIPTS, "lakewright", "spark-defaults.json");
  const { common } = JSON.parse(readFileSync(file, "utf8")) as { common: Record<string, string> };
  return common;
}

function contentHash(parts: readonly (readonly [string, Buffer])[]): string {
  const hash = createHash("sha256");
  for (const [name, content] of parts) hash.update(`${name}\0${content.length}\0`).update(content);
  return hash.digest("hex").slice(0, 16);
}
