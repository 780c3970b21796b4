import { explainAwsError } from "../../../cli/aws/aws-error";
import { UserError } from "../../../model/errors";
import { deployedCli } from "./deployed-cli";

const { aws, lake } = deployedCli();

test("of another account are refused before anything is asked", async () => {
  aws.reset({ GetCallerIdentity: () => ({ Account: "999999999999", Arn: "arn:other" }) });
  await expect(lake("job run")).rejects.toThrow(
    "the credentials are of account 999999999999 (arn:other), and dev is in 123456789012",
  );
  expect(aws.calls.map(({ operation }) => operation)).toEqual(["GetCallerIdentity"]);
});

test.each([
  ["ExpiredToken", "the AWS credentials have expired"],
  ["InvalidClientTokenId", "AWS does not accept these credentials"],
  ["AccessDenied", "AWS refuses GetCallerIdentity: said so"],
])("that answer %s are explained", async (error, sentence) => {
  aws.reset({ GetCallerIdentity: () => ({ awsError: error, message: "said so" }) });
  await expect(lake("job run")).rejects.toThrow(sentence);
});

test("an endpoint that does not answer is explained", () => {
  const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
  const call = { operation: "GetCallerIdentity", service: "STS", region: "us-west-2" };
  expect(explainAwsError(refused, call)).toEqual(
    new UserError(
      "STS in us-west-2 could not be reached (ECONNREFUSED); check the network and the region",
    ),
  );
});
