import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Where the program deploys to. */
export interface DeploymentPlace {
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  /** `amazonaws.com`, in China `amazonaws.com.cn`. */
  readonly dnsSuffix: string;
  readonly region: string;
  /** The account's id. */
  readonly account: string;
}

/** Asks AWS where the program deploys to: once per component, for each answer takes a call. */
export function deploymentPlace(parent: pulumi.Resource): pulumi.Output<DeploymentPlace> {
  return pulumi
    .all([
      aws.getPartitionOutput({}, { parent }),
      aws.getRegionOutput({}, { parent }),
      aws.getCallerIdentityOutput({}, { parent }),
    ])
    .apply(([{ partition, dnsSuffix }, { region }, { accountId }]) => ({
      partition,
      dnsSuffix,
      region,
      account: accountId,
    }));
}
