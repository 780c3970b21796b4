import { z } from "zod";

import { hasPublicSubnets, INTERFACE_SERVICES } from "../components/network-args";
import { arn, principalArn } from "./arn";
import { lakeSettings } from "./lake-settings";

const cidrBlocks = z.array(z.string());
const services = z.array(z.enum(INTERFACE_SERVICES));

/** Where replication runs; the defaults are the component's (components/network-args.ts). */
const network = z.strictObject({
  existing: z
    .strictObject({
      vpcId: z.string(),
      cidrBlock: z.string(),
      privateSubnetIds: z.array(z.string()),
      publicSubnetIds: z.array(z.string()).optional(),
      routeTableIds: z.array(z.string()),
      s3PrefixListId: z.string().optional(),
      interfaceEndpoints: services.optional(),
      nat: z.boolean().optional(),
    })
    .optional(),
  cidrBlock: z.string().optional(),
  zones: z.int().optional(),
  nat: z.enum(["none", "single", "perZone"]).optional(),
  publicReplication: z.boolean().optional(),
  interfaceEndpoints: services.optional(),
  endpointsInEveryZone: z.boolean().optional(),
  peerings: z.array(z.strictObject({ connectionId: z.string(), cidrBlocks })).optional(),
  vpn: z.strictObject({ gatewayId: z.string(), cidrBlocks }).optional(),
});

const audit = z.strictObject({
  /** A trail that records already; none is made then. */
  existingTrailArn: arn.optional(),
  managementEvents: z.boolean().optional(),
  dataEvents: z.enum(["all", "write", "none"]).optional(),
  logDays: z.int().min(1).optional(),
});

const alerts = z.strictObject({
  emails: z.array(z.email()).default([]),
  monthlyBudgetUsd: z.number().positive().optional(),
});

/** One environment's settings. */
export const environmentSettings = z
  .strictObject({
    environment: z.enum(["dev", "qa", "prod"]),
    /** The lakes by name, as in lakes/. */
    lakes: z
      .record(z.string(), lakeSettings)
      .refine((lakes) => Object.keys(lakes).length > 0, "expected one lake at least"),
    /** Whether its data may be destroyed with it. */
    destroyable: z.boolean().default(false),
    /** Everyone that deploys it, where more than one does: IAM roles and users, no sessions. */
    deployers: z.array(principalArn).default([]),
    /** The boundary that roles need where Pulumi Deployments deploys (the account stack's output). */
    roleBoundaryArn: arn.optional(),
    network: network.prefault({}),
    audit: audit.prefault({}),
    alerts: alerts.prefault({}),
  })
  .refine(({ environment, destroyable }) => environment !== "prod" || !destroyable, {
    path: ["destroyable"],
    message: "prod is never destroyable; remove it",
  })
  .superRefine(({ lakes, network }, { addIssue }) => {
    if (hasPublicSubnets(network)) return;
    for (const [name, { source }] of Object.entries(lakes)) {
      if (!("trial" in source) || !source.trial.publicCidrBlocks?.length) continue;
      addIssue({
        code: "custom",
        path: ["lakes", name, "source", "trial", "publicCidrBlocks"],
        message:
          "needs public subnets: set publicReplication or nat of the network, or publicSubnetIds, two at least, of its existing VPC",
      });
    }
  });

export type EnvironmentSettings = z.output<typeof environmentSettings>;
