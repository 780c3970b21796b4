import type * as aws from "@pulumi/aws";

/** When objects move to cheaper storage classes, both of which answer at once. */
export interface Transitions {
  /** Days until Infrequent Access, 30 at least. */
  readonly infrequentAccessDays?: number;
  /** Days until Glacier Instant Retrieval, 30 more than Infrequent Access at least. */
  readonly glacierInstantDays?: number;
}

/** What becomes of a bucket's objects with time. */
export interface BucketLifecycle extends Transitions {
  /** Days after which replaced versions are deleted. */
  readonly oldVersionDays: number;
  /** Days after which objects are deleted; never if absent. */
  readonly expireDays?: number;
  /** Prefix of objects that are deleted for good after a day; none if absent. */
  readonly temporary?: string;
}

/** Unfinished uploads are given up after this many days. */
const UPLOAD_DAYS = 7;

type Rule = aws.types.input.s3.BucketLifecycleConfigurationRule;

/** The rules of a bucket's lifecycle configuration. */
export function lifecycleRules(lifecycle: BucketLifecycle): Rule[] {
  const { infrequentAccessDays, glacierInstantDays, expireDays, oldVersionDays, temporary } =
    lifecycle;
  const all = { status: "Enabled", filter: { prefix: "" } };
  const transitions = [
    { storageClass: "STANDARD_IA", days: infrequentAccessDays },
    { storageClass: "GLACIER_IR", days: glacierInstantDays },
  ].flatMap(({ storageClass, days }) => (days === undefined ? [] : [{ storageClass, days }]));
  return [
    {
      ...all,
      id: "old-versions",
      noncurrentVersionExpiration: { noncurrentDays: oldVersionDays },
      // Delete markers that hide nothing any more. Where objects expire, expiry takes them too.
      ...(expireDays === undefined ? { expiration: { expiredObjectDeleteMarker: true } } : {}),
      abortIncompleteMultipartUpload: { daysAfterInitiation: UPLOAD_DAYS },
    },
    ...(transitions.length > 0 ? [{ ...all, id: "cheaper-storage", transitions }] : []),
    ...(expireDays === undefined
      ? []
      : [{ ...all, id: "expiry", expiration: { days: expireDays } }]),
    ...(temporary === undefined
      ? []
      : [
          {
            ...all,
            id: "temporary",
            filter: { prefix: temporary },
            expiration: { days: 1 },
            noncurrentVersionExpiration: { noncurrentDays: 1 },
          },
        ]),
  ];
}
