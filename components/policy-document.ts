import * as pulumi from "@pulumi/pulumi";

/** A statement of an IAM or resource policy; its values may come from other resources. */
export type Statement = Readonly<Record<string, unknown>>;

/** A policy document as JSON. */
export function policyDocument(statements: readonly Statement[]): pulumi.Output<string> {
  return pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements });
}

/**
 * The trust policy of a role that an AWS service takes on for this account alone, so that nobody
 * else's resources can have the service do so (the confused deputy).
 * @param service as `glue.amazonaws.com`
 */
export function serviceTrust(
  service: string,
  account: pulumi.Input<string>,
): pulumi.Output<string> {
  return policyDocument([
    {
      Effect: "Allow",
      Principal: { Service: service },
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "aws:SourceAccount": account } },
    },
  ]);
}
