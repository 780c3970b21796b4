import { readFileSync } from "node:fs";
import { join } from "node:path";

import { addedColumn } from "../../model/bronze-columns";

const shared = join(__dirname, "../../glue-scripts/tests/column_names.json");
const NAMES = JSON.parse(readFileSync(shared, "utf8")) as [string, string][];

test.each(NAMES)('an added column "%s" is %s in silver, as the job names it', (given, name) => {
  expect(addedColumn(given)).toBe(name);
});
