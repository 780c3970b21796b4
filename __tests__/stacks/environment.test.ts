import * as pulumi from "@pulumi/pulumi";

import { readSettings } from "../../stacks/config";
import { createEnvironment } from "../../stacks/environment";
import { recordResources, settled } from "../pulumi-mocks";

const config = (values: Record<string, string>) => {
  recordResources(
    Object.fromEntries(Object.entries(values).map(([key, value]) => [`lakewright:${key}`, value])),
  );
  return new pulumi.Config("lakewright");
};

test("settings have safe defaults", () => {
  expect(readSettings(config({ environment: "qa", lakes: '["saas"]' }))).toEqual({
    environment: "qa",
    lakes: ["saas"],
    destroyable: false,
  });
});

test("every wrong key is named at once", () => {
  expect(() => readSettings(config({ environment: "test" }))).toThrow(
    /lakewright:environment: .*\n {2}lakewright:lakes: /,
  );
});

test("prod cannot be made destroyable", () => {
  expect(() =>
    readSettings(config({ environment: "prod", lakes: '["saas"]', destroyable: "true" })),
  ).toThrow("lakewright:destroyable: prod is never destroyable; remove it");
});

test("an environment gives its lakes' buckets", async () => {
  recordResources();
  const { buckets } = createEnvironment({ environment: "dev", lakes: ["saas"], destroyable: true });
  await settled();
  const name = await new Promise((resolve) => buckets.saas!.bronze.apply(resolve));
  expect(name).toBe("saas-dev-bronze");
});
