import * as pulumi from "@pulumi/pulumi";

/** A resource as the program registered it. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  // Pulumi's mocks give inputs as plain JSON of any shape.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly inputs: any;
}

/** What AWS answers to the questions that programs ask. */
const ANSWERS: Record<string, object> = {
  "aws:index/getCallerIdentity:getCallerIdentity": {
    accountId: "123456789012",
    arn: "arn:aws:sts::123456789012:assumed-role/deployer/session",
  },
  "aws:index/getRegion:getRegion": { region: "eu-central-1" },
  "aws:index/getPartition:getPartition": { partition: "aws", dnsSuffix: "amazonaws.com" },
  "aws:iam/getSessionContext:getSessionContext": {
    issuerArn: "arn:aws:iam::123456789012:role/deployer",
  },
  "aws:lakeformation/getDataLakeSettings:getDataLakeSettings": {
    admins: ["arn:aws:iam::123456789012:role/steward"],
    readOnlyAdmins: ["arn:aws:iam::123456789012:role/auditor"],
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

/** What AWS would tell of a resource beyond its inputs, for types that programs ask. */
const COMPUTED: Record<string, (name: string, inputs: Registered["inputs"]) => object> = {
  "aws:dms/certificate:Certificate": (name) => ({ certificateArn: dmsArn("cert", name) }),
  "aws:dms/endpoint:Endpoint": (name) => ({ endpointArn: dmsArn("endpoint", name) }),
  "aws:dms/replicationInstance:ReplicationInstance": (name) => ({
    replicationInstanceArn: dmsArn("rep", name),
  }),
  "aws:dms/replicationTask:ReplicationTask": (name) => ({
    replicationTaskArn: dmsArn("task", name),
  }),
  "aws:dms/s3Endpoint:S3Endpoint": (name) => ({ endpointArn: dmsArn("endpoint", name) }),
  "aws:ec2/vpcEndpoint:VpcEndpoint": () => ({ prefixListId: "pl-s3" }),
  "aws:rds/instance:Instance": (name) => ({
    address: `${name}.rds.amazonaws.com`,
    masterUserSecrets: [{ secretArn: `arn:aws:mock:::${name}-master` }],
  }),
  "random:index/randomId:RandomId": () => ({ hex: "ab12cd34" }),
  // A component of another package: the children that it would have are not recorded.
  "awsx:ec2:Vpc": (name, { numberOfAvailabilityZones, subnetSpecs }) => {
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
  },
};

function dmsArn(kind: string, name: string): string {
  return `arn:aws:dms:eu-central-1:123456789012:${kind}:${name}`;
}

/** Of an account whose stack is not deployed yet: new databases and tables are everyone's. */
export const OPEN_ACCOUNT = {
  "aws:lakeformation/getDataLakeSettings:getDataLakeSettings": {
    createDatabaseDefaultPermissions: [
      { permissions: ["ALL"], principal: "IAM_ALLOWED_PRINCIPALS" },
    ],
  },
};

/**
 * Has Pulumi record resources instead of creating them; call before the program is imported.
 * @param answers what AWS answers otherwise than usual, by the question's token
 */
export function recordResources(
  config: Record<string, string> = {},
  answers: Readonly<Record<string, object>> = {},
): Registered[] {
  const registered: Registered[] = [];
  pulumi.runtime.setAllConfig(config);
  void pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        registered.push({ type, name, inputs });
        return {
          id: `${name}-id`,
          state: {
            name,
            ...inputs,
            arn: `arn:aws:mock:::${name}`,
            bucket: name,
            ...COMPUTED[type]?.(name, inputs),
          },
        };
      },
      call: ({ token, inputs }) => ({ ...inputs, ...ANSWERS[token], ...answers[token] }),
    },
    "lakewright",
    "test",
    false,
  );
  return registered;
}

/** Waits until every output that the program made so far is resolved. */
export async function settled(): Promise<void> {
  await pulumi.runtime.disconnect();
}
