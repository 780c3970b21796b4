import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";

import { paths } from "../paths";
import { installOnce } from "./install";
import { type Artifact, fetchArtifacts } from "./ivy";
import type { Progress } from "./progress";

/**
 * What Spark 3.5 needs beside itself: Hudi and Delta in the versions of AWS Glue 5.0, and deequ
 * with DQDL. deequ's POM names dqdl 1.0.7, which is not published; 1.0.0 serves.
 */
const SPARK_JARS: readonly Artifact[] = [
  {
    organisation: "org.apache.hudi",
    name: "hudi-spark3.5-bundle_2.12",
    revision: "0.15.0",
    bytes: 109_001_611,
    sha256: "aab6ecdb5c65fcd20406b980b31ccec294fae95693de947d5778f0b3fb4e302a",
  },
  {
    organisation: "io.delta",
    name: "delta-spark_2.12",
    revision: "3.3.0",
    bytes: 7_120_234,
    sha256: "c6e93686b24e067d9645aa5f04b06fdfa938f18336f713b7f138994f9890ec9e",
  },
  {
    organisation: "io.delta",
    name: "delta-storage",
    revision: "3.3.0",
    bytes: 32_227,
    sha256: "951ce7e89468d1657aaf27067a5b9163a4bcccae3dd7d23d711f50bcd3365bb5",
  },
  {
    organisation: "com.amazon.deequ",
    name: "deequ",
    revision: "2.1.0-spark-3.5",
    bytes: 2_237_536,
    sha256: "ab902814dec56dc39ff16d1c5c80e7101a5dff8c1aa380fdafce522da1cd1546",
  },
  {
    organisation: "software.amazon.glue",
    name: "dqdl",
    revision: "1.0.0",
    bytes: 215_554,
    sha256: "8382887bd34e23a426e3824520e69ba59e9666f567a4f7bad2a6b40348cdaa6e",
  },
];

const QUALITY: ReadonlySet<string> = new Set(["deequ", "dqdl"]);

/**
 * The jars for Spark's class path, installed on first use: 119 MB to download.
 * @returns their paths
 */
export async function ensureJars(progress?: Progress): Promise<string[]> {
  const hash = createHash("sha256").update(JSON.stringify(SPARK_JARS)).digest("hex").slice(0, 12);
  const folder = await installOnce(
    {
      title: "Spark's jars (Hudi, Delta, deequ)",
      folder: join(paths().cache, `jars-${hash}`),
      bytesNeeded: 3e8,
      async build(draft, report) {
        const scratch = join(draft, "ivy");
        for (const file of await fetchArtifacts(SPARK_JARS, scratch, report))
          renameSync(file, join(draft, basename(file)));
        rmSync(scratch, { recursive: true });
      },
    },
    progress,
  );
  return SPARK_JARS.map((jar) => join(folder, fileName(jar)));
}

/** Puts the jars that AWS Glue does not have, deequ and DQDL, into a folder; gives their names. */
export async function copyQualityJars(into: string, progress?: Progress): Promise<string[]> {
  const wanted = qualityJarNames();
  const jars = await ensureJars(progress);
  mkdirSync(into, { recursive: true });
  for (const jar of jars.filter((path) => wanted.includes(basename(path)))) {
    const draft = join(into, `.${basename(jar)}`);
    copyFileSync(jar, draft);
    renameSync(draft, join(into, basename(jar)));
  }
  return wanted;
}

/** File names of the jars that AWS Glue does not have. */
export function qualityJarNames(): string[] {
  return SPARK_JARS.filter(({ name }) => QUALITY.has(name)).map(fileName);
}

function fileName({ name, revision }: Artifact): string {
  return `${name}-${revision}.jar`;
}
