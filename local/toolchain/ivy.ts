import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

import { UserError } from "../../model/errors";
import { readableBytes } from "../../shared/bytes";
import { filesBelow } from "../process/files";
import { run } from "../process/run";
import { ensureJava } from "./java";
import { ensurePython } from "./python";
import { javaNetworkOptions } from "./trust";

/** A file published in a Maven repository. */
export interface Artifact {
  readonly organisation: string;
  readonly name: string;
  readonly revision: string;
  /** File name extension. @default "jar" */
  readonly extension?: "jar" | "tar.gz";
  readonly bytes: number;
  readonly sha256: string;
}

/** One resolver with Ivy's default root, and no POMs: what is needed is listed by hand. */
const SETTINGS = `<ivysettings>
  <settings defaultResolver="central"/>
  <resolvers><ibiblio name="central" m2compatible="true" usepoms="false"/></resolvers>
</ivysettings>
`;

const fileName = ({ name, revision, extension = "jar" }: Artifact) =>
  `${name}-${revision}.${extension}`;

/**
 * Fetches artifacts by the Ivy that PySpark ships, through the user's own Ivy settings where
 * `LAKEWRIGHT_IVY_SETTINGS` names a file, and checks their sums.
 *
 * @param folder scratch folder; the files stay below it
 * @returns the files' paths, in the order of `artifacts`
 */
export async function fetchArtifacts(
  artifacts: readonly Artifact[],
  folder: string,
  report: (message: string) => void,
): Promise<string[]> {
  const { sitePackages } = await ensurePython();
  const java = join(await ensureJava(17), "bin", "java");
  mkdirSync(folder, { recursive: true });
  const settings = join(folder, "settings.xml");
  const module = join(folder, "ivy.xml");
  writeFileSync(settings, SETTINGS);
  writeFileSync(module, moduleFile(artifacts));

  const cache = join(folder, "cache");
  const total = artifacts.reduce((sum, { bytes }) => sum + bytes, 0);
  const timer = setInterval(() => {
    const done = Math.min(total, folderBytes(cache));
    report(`downloaded ${readableBytes(done)} of ${readableBytes(total)}`);
  }, 1_000);
  try {
    await run(java, [
      ...javaNetworkOptions(),
      `-Divy.cache.dir=${cache}`,
      "-jar",
      join(sitePackages, "pyspark", "jars", "ivy-2.5.1.jar"),
      "-settings",
      process.env.LAKEWRIGHT_IVY_SETTINGS || settings,
      "-ivy",
      module,
    ]);
  } finally {
    clearInterval(timer);
  }
  report("checking sums");
  return Promise.all(artifacts.map((artifact) => checked(artifact, cache)));
}

function moduleFile(artifacts: readonly Artifact[]): string {
  const dependencies = artifacts.map(({ organisation, name, revision, extension = "jar" }) => {
    const artifact = `<artifact name="${name}" type="${extension}" ext="${extension}"/>`;
    return `    <dependency org="${organisation}" name="${name}" rev="${revision}" transitive="false">${artifact}</dependency>`;
  });
  return `<ivy-module version="2.0">
  <info organisation="lakewright" module="toolchain"/>
  <dependencies>
${dependencies.join("\n")}
  </dependencies>
</ivy-module>
`;
}

async function checked(artifact: Artifact, cache: string): Promise<string> {
  const file = filesBelow(cache).find((path) => path.endsWith(`/${fileName(artifact)}`));
  if (!file) throw new Error(`Ivy ended well but ${fileName(artifact)} is not in ${cache}`);
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  const found = hash.digest("hex");
  if (found === artifact.sha256) return file;
  throw new UserError(
    `${fileName(artifact)} was fetched, but its SHA-256 sum is ${found} instead of ${artifact.sha256}: ` +
      "the repository or a proxy on the way gives another file. Nothing was installed.",
  );
}

/** Bytes in the folder's files, those still growing included; 0 when it is not there yet. */
function folderBytes(folder: string): number {
  try {
    return filesBelow(folder).reduce((sum, path) => sum + statSync(path).size, 0);
  } catch {
    return 0;
  }
}
