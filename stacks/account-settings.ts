import { z } from "zod";

import { arn } from "./arn";

/** A stack of an environment that Pulumi Deployments deploys into the account. */
const deployed = z.strictObject({
  /** The environment, which is the stack's name. */
  environment: z.enum(["dev", "qa", "prod"]),
  /** The names of its lakes. */
  lakes: z.array(z.string()).min(1),
  /** Whether a deployment may delete its data and destroy it. */
  destroyable: z.boolean().default(false),
});

/** The account stack's settings: what an account has once. */
export const accountSettings = z.strictObject({
  /** ARNs of users and roles that administer Lake Formation beside who deploys. */
  lakeFormationAdmins: z.array(arn).default([]),
  /** Whether the account is to get `dms-vpc-role`; `false` where it has it. */
  dmsVpcRole: z.boolean().default(true),
  /** Whether the account is to get `dms-cloudwatch-logs-role`; `false` where it has it. */
  dmsLogsRole: z.boolean().default(true),
  /** Roles for Pulumi Deployments: none if absent. */
  deployments: z
    .strictObject({
      /** The organisation in Pulumi Cloud. */
      organisation: z.string(),
      environments: z.array(deployed).min(1),
      /** ARN of the account's provider for Pulumi Cloud, where it has one. */
      providerArn: arn.optional(),
    })
    .optional(),
  /** A role for previews by GitHub: none if absent. */
  pullRequests: z
    .strictObject({
      /** As `owner/name`. */
      repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, "expected owner/name"),
      /** ARN of the account's provider for GitHub, where it has one. */
      providerArn: arn.optional(),
    })
    .optional(),
});

export type AccountSettings = z.output<typeof accountSettings>;
