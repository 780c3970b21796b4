import {
  PolicyPack,
  type PolicyResource as StackResource,
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
} from "@pulumi/policy";

import { type BucketPart, incompleteBuckets } from "./bucket-rules";
import type { Rule } from "./rule";
import { RULES } from "./rules";

/**
 * The rule that has a setting, `allowed`: whether replication may have a public address. A file with
 * `{ "replication-private": { "allowed": true } }` sets it: `--policy-pack-config <file>`.
 */
const WITH_SETTING = "replication-private";

function resourcePolicy({ name, description, types, check }: Rule): ResourceValidationPolicy {
  return {
    name,
    description,
    ...(name === WITH_SETTING
      ? { configSchema: { properties: { allowed: { type: "boolean", default: false } } } }
      : {}),
    validateResource: (args, reportViolation) => {
      if (!types.includes(args.type)) return;
      const resource = {
        type: args.type,
        name: args.name,
        inputs: args.props,
        protect: args.opts.protect,
      };
      for (const problem of check(resource, contextOf(args))) reportViolation(problem);
    },
  };
}

function contextOf(args: ResourceValidationArgs) {
  return {
    stack: stackOf(args.urn),
    defaultTags: args.provider?.props.defaultTags?.tags,
    publicReplication: args.getConfig<{ allowed?: boolean }>().allowed === true,
  };
}

/** The stack of `urn:pulumi:<stack>::<project>::…`. */
function stackOf(urn: string): string {
  return /^urn:pulumi:(.*?)::/.exec(urn)?.[1] ?? "";
}

const bucketsComplete: StackValidationPolicy = {
  name: "bucket-complete",
  description: "Each bucket is encrypted, private, versioned and refuses what is not TLS",
  validateStack: ({ resources }, reportViolation) => {
    const incomplete = Object.entries(incompleteBuckets(resources.map(bucketPart)));
    for (const [urn, problems] of incomplete)
      for (const problem of problems) reportViolation(problem, urn);
  },
};

/** By dependencies, not by values, which a preview does not know yet. */
function bucketPart({ type, urn, propertyDependencies }: StackResource): BucketPart {
  return { type, id: urn, bucket: propertyDependencies.bucket?.[0]?.urn };
}

new PolicyPack("lakewright", {
  enforcementLevel: "mandatory",
  policies: [...RULES.map(resourcePolicy), bucketsComplete],
});
