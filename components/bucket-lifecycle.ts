import type * as aws from "@pulumi/aws";

/** When objects move to cheaper storage classes, both of which answer at once. */
export interface Transitions {
  /** Days until Infrequent Access, 30 at least. */
  readonly infrequentAccessDays?: number;
  /** Days until Glacier Instant Retrieval, 30 more than Infrequent Access at least. */
  readonly glacierInstantDays?: number;
}

/** What becomes of objects with time. */
export interface Lifecycle extends Transitions {
  /** Days after which replaced versions are deleted. */
  readonly oldVersionDays: number;
  /** Days after which objects are deleted; never if absent. */
  readonly expireDays?: number;
  /** Path of objects that are deleted for good after a day; none if absent. */
  readonly temporary?: string;
}

/** What becomes of a bucket's objects with time, and of those in some of its folders beside that. */
export interface BucketLifecycle extends Lifecycle {
  /** By names for the rules. Where two rules are about an object, the shorter time holds. */
  readonly folders?: Readonly<Record<string, Lifecycle & { readonly folder: string }>>;
}

/** Unfinished uploads are given up after this many days. */
const UPLOAD_DAYS = 7;

type Rule = aws.types.input.s3.BucketLifecycleConfigurationRule;

/** The rules of a bucket's lifecycle configuration. */
export function lifecycleRules({ folders = {}, ...whole }: BucketLifecycle): Rule[] {
  return [
    ...rulesOf(whole),
    ...Object.entries(folders).flatMap(([name, { folder, ...its }]) =>
      rulesOf(its, { prefix: `${folder}/`, suffix: `-${name}` }),
    ),
  ];
}

/** @param suffix of the rules' names */
function rulesOf(lifecycle: Lifecycle, { prefix, suffix } = { prefix: "", suffix: "" }): Rule[] {
  const { infrequentAccessDays, glacierInstantDays, expireDays, oldVersionDays, temporary } =
    lifecycle;
  const all = { status: "Enabled", filter: { prefix } };
  const transitions = [
    { storageClass: "STANDARD_IA", days: infrequentAccessDays },
    { storageClass: "GLACIER_IR", days: glacierInstantDays },
  ].flatMap(({ storageClass, days }) => (days === undefined ? [] : [{ storageClass, days }]));
  return [
    {
      ...all,
      id: `old-versions${suffix}`,
      noncurrentVersionExpiration: { noncurrentDays: oldVersionDays },
      // Delete markers that hide nothing any more. Where objects expire, expiry takes them too.
      ...(expireDays === undefined ? { expiration: { expiredObjectDeleteMarker: true } } : {}),
      abortIncompleteMultipartUpload: { daysAfterInitiation: UPLOAD_DAYS },
    },
    ...(transitions.length > 0 ? [{ ...all, id: `cheaper-storage${suffix}`, transitions }] : []),
    ...(expireDays === undefined
      ? []
      : [{ ...all, id: `expiry${suffix}`, expiration: { days: expireDays } }]),
    ...(temporary === undefined
      ? []
      : [
          {
            ...all,
            id: `temporary${suffix}`,
            filter: { prefix: `${prefix}${temporary}` },
            expiration: { days: 1 },
            noncurrentVersionExpiration: { noncurrentDays: 1 },
          },
        ]),
  ];
}
