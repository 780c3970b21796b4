import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { deploymentPlace } from "./deployment-place";
import { policyDocument } from "./policy-document";

/**
 * Lets AWS DataSync write the logs of this account's transfers, which it does as itself, not by a
 * role. Once for all lakes of an environment: an account has ten such policies in a region. Sources:
 * AWS DataSync user guide, "Monitoring transfers with Amazon CloudWatch Logs"; Amazon CloudWatch Logs
 * user guide, "CloudWatch Logs quotas".
 */
export class TransferLogs extends pulumi.ComponentResource {
  readonly policy: aws.cloudwatch.LogResourcePolicy;

  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("lakewright:transfer:TransferLogs", name, {}, opts);
    const { partition, region, account } = deploymentPlace(this);
    const inRegion = (service: string, resource: string) =>
      pulumi.interpolate`arn:${partition}:${service}:${region}:${account}:${resource}`;
    const statement = {
      Sid: "DataSyncLogs",
      Effect: "Allow",
      Principal: { Service: "datasync.amazonaws.com" },
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: inRegion("logs", `log-group:${TRANSFER_LOGS}*:*`),
      Condition: {
        StringEquals: { "aws:SourceAccount": account },
        ArnLike: { "aws:SourceArn": inRegion("datasync", "task/*") },
      },
    };
    this.policy = new aws.cloudwatch.LogResourcePolicy(
      `${name}-datasync`,
      { policyName: `${name}-datasync`, policyDocument: policyDocument([statement]) },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

/** What the names of the log groups of transfers begin with. */
export const TRANSFER_LOGS = "/aws/datasync/";
