import * as pulumi from "@pulumi/pulumi";

import type { Statement } from "./policy-document";

/** Refuses whatever does not come over TLS 1.2 or newer. */
export function tlsOnly(bucketArn: pulumi.Input<string>): Statement[] {
  const denied = (sid: string, condition: object): Statement => ({
    Sid: sid,
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucketArn, pulumi.interpolate`${bucketArn}/*`],
    Condition: condition,
  });
  return [
    denied("TlsOnly", { Bool: { "aws:SecureTransport": "false" } }),
    denied("Tls12OrNewer", { NumericLessThan: { "s3:TlsVersion": "1.2" } }),
  ];
}

/**
 * Lets S3 deliver access logs of this account's buckets. Source: Amazon S3 user guide, "Enabling
 * Amazon S3 server access logging".
 */
export function accessLogDelivery(
  bucketArn: pulumi.Input<string>,
  account: pulumi.Input<string>,
): Statement {
  return {
    Sid: "AccessLogs",
    Effect: "Allow",
    Principal: { Service: "logging.s3.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: pulumi.interpolate`${bucketArn}/*`,
    Condition: { StringEquals: { "aws:SourceAccount": account } },
  };
}
