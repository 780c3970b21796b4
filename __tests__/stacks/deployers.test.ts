import { environmentOutputs } from "../../model/aws/outputs";
import { evaluateStack } from "../../stacks/evaluate";

jest.setTimeout(120_000);

const DEPLOYER = "arn:aws:iam::123456789012:role/lakewright-deploy-dev";

test("the settings' deployers get grants in each lake, and are in its outputs", async () => {
  const { registered, outputs } = await evaluateStack("dev", [__filename], (settings) => ({
    ...settings,
    deployers: [DEPLOYER],
  }));
  const { saas } = environmentOutputs.parse(outputs).lakes;
  expect(saas!.grantees.deployers).toEqual([DEPLOYER]);
  const own = registered.filter(
    ({ type, inputs }) =>
      type === "aws:lakeformation/permissions:Permissions" && inputs.principal === DEPLOYER,
  );
  const kinds = own.map(({ inputs }) =>
    ["database", "table", "lfTag"].find((kind) => inputs[kind] !== undefined),
  );
  expect(kinds.sort()).toEqual([
    ...Array<string>(3).fill("database"),
    ...Array<string>(2).fill("lfTag"),
    ...Array<string>(3).fill("table"),
  ]);
});
