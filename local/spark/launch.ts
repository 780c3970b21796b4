import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, openSync } from "node:fs";
import { dirname, join } from "node:path";

import type { Lake } from "../../model/lake";
import { type LakePaths, lakePaths, paths } from "../paths";
import { writeWhole } from "../process/files";
import { ensureJars, ensureJava, ensurePython, type Progress } from "../toolchain";

/** Memory of Spark's driver, which on one machine is all of Spark; `LAKEWRIGHT_SPARK_MEMORY` changes it. */
const DRIVER_MEMORY = "4g";

/** Name of the log file, for `./lake logs spark`. */
export const SPARK_LOG = "spark.log";

/**
 * Starts glue-scripts/lake_job.py for a lake, serving requests on its standard input. It ends
 * when that input ends: with this process, however this one ends.
 */
export async function launchSpark(
  { definition, manifest }: Lake,
  progress?: Progress,
): Promise<ChildProcess> {
  const python = await ensurePython(progress);
  const javaHome = await ensureJava(17, progress);
  const jars = await ensureJars(progress);
  const at = paths();
  const lake = lakePaths(definition);
  writeWhole(lake.manifest, `${JSON.stringify(manifest, null, 1)}\n`);
  for (const folder of [at.spark, at.logs]) mkdirSync(folder, { recursive: true });
  const log = openSync(join(at.logs, SPARK_LOG), "a", 0o600);
  const args = [
    join(at.project, "glue-scripts", "lake_job.py"),
    ...["--mode", "serve", "--local"],
    ...["--manifest", lake.manifest],
    ...["--locations", JSON.stringify(locations(lake))],
    ...["--jars", dirname(jars[0] as string)],
    ...["--scratch", at.spark],
    ...["--memory", process.env.LAKEWRIGHT_SPARK_MEMORY || DRIVER_MEMORY],
  ];
  return spawn(python.python, args, {
    cwd: at.spark,
    // A group of its own: Ctrl-C is for the command, which ends the application in order.
    detached: true,
    env: {
      ...process.env,
      JAVA_HOME: javaHome,
      SPARK_LOCAL_IP: "127.0.0.1",
      SPARK_LOCAL_DIRS: at.spark,
      PYTHONUNBUFFERED: "1",
      TZ: "UTC",
    },
    stdio: ["pipe", "pipe", log],
  });
}

function locations({ bronze, files, silver, gold, quarantine, ops, changes }: LakePaths) {
  return { bronze, files, silver, gold, quarantine, ops, changes };
}
