// Pulumi's mocks give inputs as plain JSON of any shape.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Inputs = any;

const ACCOUNT = "123456789012";

/** What AWS answers to the questions that programs ask, and what they read, by token or type. */
export function mockAnswers(region: string): Record<string, object> {
  return {
    "aws:index/getCallerIdentity:getCallerIdentity": {
      accountId: ACCOUNT,
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/deployer/session`,
    },
    "aws:index/getRegion:getRegion": { region },
    "aws:index/getPartition:getPartition": { partition: "aws", dnsSuffix: "amazonaws.com" },
    "aws:iam/getSessionContext:getSessionContext": {
      issuerArn: `arn:aws:iam::${ACCOUNT}:role/deployer`,
    },
    "aws:lakeformation/dataLakeSettings:DataLakeSettings": {
      admins: [`arn:aws:iam::${ACCOUNT}:role/steward`],
      readOnlyAdmins: [`arn:aws:iam::${ACCOUNT}:role/auditor`],
      createDatabaseDefaultPermissions: [],
      createTableDefaultPermissions: [],
      trustedResourceOwners: ["210987654321"],
      allowExternalDataFiltering: false,
      externalDataFilteringAllowLists: [],
      authorizedSessionTagValueLists: [],
      allowFullTableExternalDataAccess: false,
      parameters: { CROSS_ACCOUNT_VERSION: "4", SET_CONTEXT: "TRUE" },
    },
  };
}

/** What AWS would tell of a resource beyond its inputs. */
export function mockState(type: string, name: string, inputs: Inputs, region: string): object {
  const dmsArn = (kind: string) => `arn:aws:dms:${region}:${ACCOUNT}:${kind}:${name}`;
  return {
    name,
    ...inputs,
    arn: `arn:aws:mock:::${name}`,
    bucket: name,
    ...computed(type, name, inputs, dmsArn),
  };
}

function computed(
  type: string,
  name: string,
  inputs: Inputs,
  dmsArn: (kind: string) => string,
): object {
  switch (type) {
    case "aws:dms/certificate:Certificate":
      return { certificateArn: dmsArn("cert") };
    case "aws:dms/endpoint:Endpoint":
    case "aws:dms/s3Endpoint:S3Endpoint":
      return { endpointArn: dmsArn("endpoint") };
    case "aws:dms/replicationInstance:ReplicationInstance":
      return { replicationInstanceArn: dmsArn("rep") };
    case "aws:dms/replicationTask:ReplicationTask":
      return { replicationTaskArn: dmsArn("task") };
    case "aws:ec2/vpcEndpoint:VpcEndpoint":
      return { prefixListId: "pl-s3" };
    case "aws:rds/instance:Instance":
      return {
        address: `${name}.rds.amazonaws.com`,
        masterUserSecrets: [{ secretArn: `arn:aws:mock:::${name}-master` }],
      };
    case "random:index/randomId:RandomId":
      return { hex: "ab12cd34" };
    case "awsx:ec2:Vpc":
      return vpc(name, inputs);
    default:
      return {};
  }
}

/** A component of another package: the children that it would have are not recorded. */
function vpc(name: string, { numberOfAvailabilityZones, subnetSpecs }: Inputs): object {
  const zones = Array.from({ length: numberOfAvailabilityZones }, (_, index) => index + 1);
  const subnets = (type: string): string[] =>
    subnetSpecs.some((spec: { type: string }) => spec.type === type)
      ? zones.map((zone) => `${name}-${type.toLowerCase()}-${zone}-id`)
      : [];
  const [privateSubnetIds, publicSubnetIds] = [subnets("Private"), subnets("Public")];
  return {
    vpcId: `${name}-id`,
    privateSubnetIds,
    publicSubnetIds,
    routeTables: [...privateSubnetIds, ...publicSubnetIds].map((id) => ({ id: `table-${id}` })),
  };
}
