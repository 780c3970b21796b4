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
    createDatabaseDefaultPermissions: [
      { permissions: ["ALL"], principal: "IAM_ALLOWED_PRINCIPALS" },
    ],
    createTableDefaultPermissions: [],
    trustedResourceOwners: ["210987654321"],
    allowExternalDataFiltering: false,
    externalDataFilteringAllowLists: [],
    authorizedSessionTagValueLists: [],
    allowFullTableExternalDataAccess: false,
    parameters: { CROSS_ACCOUNT_VERSION: "4", SET_CONTEXT: "TRUE" },
  },
};

/** Has Pulumi record resources instead of creating them; call before the program is imported. */
export function recordResources(config: Record<string, string> = {}): Registered[] {
  const registered: Registered[] = [];
  pulumi.runtime.setAllConfig(config);
  void pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        registered.push({ type, name, inputs });
        return {
          id: `${name}-id`,
          state: { ...inputs, arn: `arn:aws:mock:::${name}`, bucket: name },
        };
      },
      call: ({ token, inputs }) => ({ ...inputs, ...ANSWERS[token] }),
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
