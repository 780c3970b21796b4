import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import { KEPT_STACKS, keptFile, registrations } from "./registrations";

/** Writes what each stack registers, for review: `npm run registered`. */
async function main(): Promise<void> {
  for (const stack of KEPT_STACKS) {
    const file = keptFile(stack);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, await registrations(stack));
    console.log(file);
  }
}

void main();
