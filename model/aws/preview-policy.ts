import type { PolicyStatement } from "./deploy-policy";

/**
 * What a preview asks AWS for: it compares with the stack's state, so it reads no resources, only
 * what the program itself looks up and what the provider has checked.
 */
export const PREVIEW_POLICIES: Readonly<Record<string, PolicyStatement[]>> = {
  lookups: [
    {
      Sid: "Lookups",
      Effect: "Allow",
      Action: [
        "ec2:DescribeAvailabilityZones",
        "ec2:DescribeRouteTables",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcs",
        "lakeformation:GetDataLakeSettings",
        // The provider has Step Functions check a changed definition.
        "states:ValidateStateMachineDefinition",
      ],
      // Descriptions know no resource. Source: service authorization reference, "Amazon EC2"; a
      // definition to check has none yet.
      Resource: "*",
    },
  ],
};
