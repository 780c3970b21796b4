import { withStandInJars } from "../../cli/stand-in-jars";
import { qualityJarNames } from "../../local/toolchain";
import { environmentOutputs } from "../../model/aws/outputs";
import type { EnvironmentSettings } from "../../stacks/environment-settings";
import { evaluateStack } from "../../stacks/evaluate";
import type { TrialSettings } from "../../stacks/lake-settings";

jest.setTimeout(120_000);

/** The trial database of a stack's file with other settings: its subnets, and who may reach it. */
async function trialOf(stack: string, trial: TrialSettings) {
  const change = ({ lakes, ...environment }: EnvironmentSettings): EnvironmentSettings => ({
    ...environment,
    lakes: { saas: { ...lakes.saas!, source: { trial } } },
  });
  const { registered, outputs } = await withStandInJars(qualityJarNames(), (jars) =>
    evaluateStack(stack, jars, change),
  );
  const inputsOf = (type: string) => registered.find((each) => each.type === type)!.inputs;
  return {
    outputs: environmentOutputs.parse(outputs).lakes.saas!.trial,
    subnetIds: inputsOf("aws:rds/subnetGroup:SubnetGroup").subnetIds,
    isPublic: inputsOf("aws:rds/instance:Instance").publiclyAccessible,
    letsIn: registered
      .filter(({ type }) => type === "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
      .map(({ inputs }) => inputs.cidrIpv4 ?? inputs.referencedSecurityGroupId)
      .sort(),
  };
}

const LAPTOP = { publicCidrBlocks: ["203.0.113.7/32"] };

test("a public address does not move the trial database to other subnets", async () => {
  const subnetIds = ["lakewright-dev-public-1-id", "lakewright-dev-public-2-id"];
  const replication = "lakewright-dev-replication-id";
  expect(await trialOf("dev", {})).toMatchObject({
    subnetIds,
    isPublic: false,
    letsIn: [replication],
  });
  expect(await trialOf("dev", LAPTOP)).toMatchObject({
    outputs: {
      address: "saas-dev-trial.rds.amazonaws.com",
      masterSecretArn: "arn:aws:mock:::saas-dev-trial-master",
      secretArn: "arn:aws:mock:::saas-dev-trial",
    },
    subnetIds,
    isPublic: true,
    letsIn: ["203.0.113.7/32", replication],
  });
});

test("without public subnets the trial database is in private ones", async () => {
  expect(await trialOf("qa", { publicCidrBlocks: [] })).toMatchObject({
    subnetIds: ["lakewright-qa-private-1-id", "lakewright-qa-private-2-id"],
    isPublic: false,
  });
});
