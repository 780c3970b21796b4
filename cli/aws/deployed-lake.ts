import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";

import { lakeOf, placeOf, readStackOutputs } from "../../analytics/stack-outputs";
import type { LakeValues } from "../../model/aws/outputs";
import { UserError } from "../../model/errors";
import { type AwsClients, awsClients } from "./clients";
import type { StackFlags } from "./stack-options";

/** A lake on AWS, and who is about to do something with it. */
export interface DeployedLake {
  readonly name: string;
  readonly environment: string;
  readonly values: LakeValues;
  readonly region: string;
  readonly account: string;
  /** ARN of whose credentials are used. */
  readonly caller: string;
  readonly clients: AwsClients;
}

/**
 * Finds a deployed lake by its stack's outputs.
 * @throws UserError where there is none, or where the credentials are of another account
 */
export async function openDeployedLake(flags: StackFlags): Promise<DeployedLake> {
  const outputs = await readStackOutputs(flags);
  const values = lakeOf(outputs, flags.lake);
  const { region, account } = placeOf(values);
  const clients = awsClients(region);
  const identity = await clients.sts().send(new GetCallerIdentityCommand({}));
  if (identity.Account !== account) {
    throw new UserError(
      `the credentials are of account ${identity.Account} (${identity.Arn}), and ${outputs.environment} is in ${account}; choose others by AWS_PROFILE`,
    );
  }
  return {
    name: flags.lake,
    environment: outputs.environment,
    values,
    region,
    account,
    caller: identity.Arn ?? "",
    clients,
  };
}
