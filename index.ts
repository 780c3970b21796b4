import { readSettings } from "./stacks/config";
import { createEnvironment } from "./stacks/environment";

/** Stack outputs: what an analytics team needs to know of the environment. */
export const { buckets } = createEnvironment(readSettings());
