import { type Content, type Folders, rootOf } from "../zones";
import type { Allow } from "./job";

/** Rights on a lake's data where it shares a bucket with other data: on folders, not on buckets. */

/** A folder of a bucket. */
export interface BucketFolder {
  /** ARN of the bucket. */
  readonly bucket: string;
  /** `raw/database` style; `""` is all of the bucket. */
  readonly folder: string;
}

/** The buckets of a lake's data; dropped files are in that of bronze. */
export type DataBuckets = Readonly<Record<Exclude<Content, "files">, string>>;

/** The folder that holds all of a content. */
export function folderOf(content: Content, buckets: DataBuckets, folders: Folders): BucketFolder {
  const bucket = buckets[content === "files" ? "bronze" : content];
  return { bucket, folder: rootOf(folders[content]) };
}

/** `s3://` address of a folder in a bucket of this name. */
export function s3Address(bucket: string, folder: string): string {
  return folder === "" ? `s3://${bucket}` : `s3://${bucket}/${folder}`;
}

/** ARN of a folder, as Lake Formation registers it. */
export function folderArn({ bucket, folder }: BucketFolder): string {
  return folder === "" ? bucket : `${bucket}/${folder}`;
}

/** ARNs of the objects in these folders. */
export function objectsIn(places: readonly BucketFolder[]): string[] {
  return outermost(places).map((place) => `${folderArn(place)}/*`);
}

/**
 * ARNs of what Hadoop's file systems ask of these folders and of those above them: whether an object
 * has their name, and the empty one by which AWS Glue marks a folder that it made.
 */
export function folderKeys(places: readonly BucketFolder[]): string[] {
  const paths = outermost(places).flatMap(({ bucket, folder }) =>
    pathsTo(folder).map((path) => `${bucket}/${path}`),
  );
  return [...new Set(paths)].flatMap((path) => [path, `${path}_$folder$`]);
}

/** `a`, `a/b` and `a/b/c` of `a/b/c`; none of the root. */
function pathsTo(folder: string): string[] {
  const parts = folder === "" ? [] : folder.split("/");
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

/**
 * Allows to list these folders: whole buckets with `actions`, else what begins with the folder.
 * @param actions `s3:ListBucket`, and `s3:GetBucketLocation` where it is asked for
 * @param above whether the folders above may be listed too, as Hadoop's file systems do
 */
export function listStatements(
  Sid: string,
  actions: readonly string[],
  places: readonly BucketFolder[],
  { above = false }: { readonly above?: boolean } = {},
): Allow[] {
  const outer = outermost(places);
  const whole = outer.filter(({ folder }) => folder === "").map(({ bucket }) => bucket);
  const shared = [
    ...new Set(outer.filter(({ folder }) => folder !== "").map(({ bucket }) => bucket)),
  ];
  // The other actions know no prefix: under the condition they would never be allowed.
  const others = actions.filter((action) => action !== "s3:ListBucket");
  return [
    ...(whole.length > 0 ? [allow(Sid, actions, whole)] : []),
    ...(shared.length > 0 && others.length > 0 ? [allow(`${Sid}Shared`, others, shared)] : []),
    ...shared.map((bucket, index): Allow => {
      const folders = outer.filter((place) => place.bucket === bucket);
      const prefixes = folders.flatMap(({ folder }) => [
        ...(above ? pathsTo(folder).slice(0, -1).flatMap(itself) : []),
        folder,
        `${folder}/*`,
      ]);
      return {
        ...allow(`${Sid}Folders${index > 0 ? index + 1 : ""}`, ["s3:ListBucket"], [bucket]),
        Condition: { StringLike: { "s3:prefix": [...new Set(prefixes)] } },
      };
    }),
  ];
}

const itself = (path: string) => [path, `${path}/`];

/** Once each, and without those that lie in others. */
function outermost(places: readonly BucketFolder[]): BucketFolder[] {
  const isIn = (one: BucketFolder, other: BucketFolder) =>
    one.bucket === other.bucket &&
    one.folder !== other.folder &&
    (other.folder === "" || one.folder.startsWith(`${other.folder}/`));
  return places.filter(
    (place, index) =>
      !places.some((other) => isIn(place, other)) &&
      places.findIndex((other) => folderArn(other) === folderArn(place)) === index,
  );
}

function allow(Sid: string, actions: readonly string[], resources: readonly string[]): Allow {
  return { Sid, Effect: "Allow", Action: sole(actions), Resource: sole(resources) };
}

/** One value stands for itself in a policy. */
function sole(values: readonly string[]): string | readonly string[] {
  return values.length === 1 ? values[0]! : values;
}
