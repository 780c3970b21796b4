import { type Registered, settled, startRecording } from "../stacks/record-resources";

export { type Registered, settled };

/** Of an account whose stack is not deployed yet: new databases and tables are everyone's. */
export const OPEN_ACCOUNT = {
  "aws:lakeformation/dataLakeSettings:DataLakeSettings": {
    createDatabaseDefaultPermissions: [
      { permissions: ["ALL"], principal: "IAM_ALLOWED_PRINCIPALS" },
    ],
  },
};

/**
 * Has Pulumi record resources instead of creating them; call before the program is imported.
 * @param answers what AWS answers otherwise than usual, by the question's token or what is read
 */
export function recordResources(
  config: Record<string, string> = {},
  answers: Readonly<Record<string, object>> = {},
): Registered[] {
  return startRecording(config, answers).registered;
}
