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

/** Set by `--policy-pack-config <file>` with `{ "<rule>": { "allowed": true } }`, as dev.json. */
const SETTING: Pick<ResourceValidationPolicy, "configSchema"> = {
  configSchema: { properties: { allowed: { type: "boolean", default: false } } },
};

function resourcePolicy(rule: Rule): ResourceValidationPolicy {
  const { name, description, types, check, isAllowable } = rule;
  return {
    name,
    description,
    ...(isAllowable ? SETTING : {}),
    validateResource: (args, reportViolation) => {
      if (!types.includes(args.type)) return;
      if (isAllowable && args.getConfig<{ allowed?: boolean }>().allowed === true) return;
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
