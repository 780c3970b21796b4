import { AthenaClient } from "@aws-sdk/client-athena";
import { DatabaseMigrationServiceClient } from "@aws-sdk/client-database-migration-service";
import { DataSyncClient } from "@aws-sdk/client-datasync";
import { GlueClient } from "@aws-sdk/client-glue";
import { LakeFormationClient } from "@aws-sdk/client-lakeformation";
import { S3Client } from "@aws-sdk/client-s3";
import { SFNClient } from "@aws-sdk/client-sfn";
import { STSClient } from "@aws-sdk/client-sts";

import { explainAwsError } from "./aws-error";

// The SDK's versions are pinned, and these run on Node 20; the warning is about later ones.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

/** Tries of a call that failed by AWS's fault or for too many requests, in all. */
const ATTEMPTS = 5;

/** The AWS SDK's clients, with the credentials of the environment or of AWS_PROFILE. */
export function awsClients(region: string) {
  const config = { region, maxAttempts: ATTEMPTS };
  return {
    athena: () => explaining(new AthenaClient(config), region),
    datasync: () => explaining(new DataSyncClient(config), region),
    dms: () => explaining(new DatabaseMigrationServiceClient(config), region),
    glue: () => explaining(new GlueClient(config), region),
    lakeFormation: () => explaining(new LakeFormationClient(config), region),
    // An endpoint that is not AWS's, as in tests, knows no bucket by its host's name.
    s3: () => explaining(new S3Client({ ...config, forcePathStyle: hasOwnEndpoint() }), region),
    sfn: () => explaining(new SFNClient(config), region),
    sts: () => explaining(new STSClient(config), region),
  };
}

export type AwsClients = ReturnType<typeof awsClients>;

/** Makes a client's errors sentences with a remedy. */
export function explaining<Client extends object>(client: Client, region: string): Client {
  // The type of a middleware differs from client to client in what this one hands through.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  const { middlewareStack } = client as any;
  middlewareStack.add(
    (next: (args: unknown) => Promise<unknown>, context: Record<string, string>) =>
      async (args: unknown) => {
        try {
          return await next(args);
        } catch (error) {
          throw explainAwsError(error, {
            operation: (context.commandName ?? "").replace(/Command$/, ""),
            service: (context.clientName ?? "").replace(/Client$/, ""),
            region,
          });
        }
      },
    { step: "initialize", priority: "high", name: "explainErrors" },
  );
  return client;
}

function hasOwnEndpoint(): boolean {
  return Boolean(process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL);
}
