import type * as pulumi from "@pulumi/pulumi";

import type { Statement } from "./policy-document";

/** The AWS services that send alerts, and whether their requests tell the account they act for. */
const SENDERS = [
  { sid: "Alarms", service: "cloudwatch.amazonaws.com", tellsAccount: true },
  { sid: "Budgets", service: "budgets.amazonaws.com", tellsAccount: true },
  // A condition here would drop every message in silence. Sources: Amazon EventBridge user guide,
  // "Using resource-based policies", Amazon SNS permissions; Amazon SNS developer guide, "Key
  // management".
  { sid: "Events", service: "events.amazonaws.com", tellsAccount: false },
];

function fromSenders(account: pulumi.Input<string>, granted: Statement): Statement[] {
  return SENDERS.map(({ sid, service, tellsAccount }) => ({
    Sid: sid,
    Effect: "Allow",
    Principal: { Service: service },
    ...granted,
    ...(tellsAccount ? { Condition: { StringEquals: { "aws:SourceAccount": account } } } : {}),
  }));
}

/** Lets alarms, budgets and events publish to a topic, over TLS alone. */
export function alertPublication(
  topicArn: pulumi.Input<string>,
  account: pulumi.Input<string>,
): Statement[] {
  return [
    ...fromSenders(account, { Action: "sns:Publish", Resource: topicArn }),
    {
      Sid: "TlsOnly",
      Effect: "Deny",
      Principal: "*",
      Action: "sns:Publish",
      Resource: topicArn,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ];
}

/** Lets them use the key that encrypts the topic; in a key policy `*` is the key itself. */
export function alertEncryption(account: pulumi.Input<string>): Statement[] {
  return fromSenders(account, { Action: ["kms:GenerateDataKey", "kms:Decrypt"], Resource: "*" });
}
