import { readFileSync } from "node:fs";
import { join } from "node:path";

import { loadLake } from "../../lakes/load";
import { manifestJsonSchema, manifestSchema } from "../../model/manifest";

const SCHEMA = join(__dirname, "../../glue-scripts/lakewright/manifest.schema.json");

// `npm run manifest-schema` writes it anew.
test("the committed JSON schema is the one that the manifest follows", () => {
  expect(JSON.parse(readFileSync(SCHEMA, "utf8"))).toEqual(manifestJsonSchema());
});

test("a lake's manifest follows its schema", () => {
  const { manifest } = loadLake("saas");
  expect(manifestSchema.parse(manifest)).toEqual(manifest);
});
