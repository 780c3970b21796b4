import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { paths } from "../paths";
import { run } from "../process/run";
import { installOnce } from "./install";
import { type Artifact, fetchArtifacts } from "./ivy";
import type { Progress } from "./progress";

const SERVER: Artifact = {
  organisation: "io.trino",
  name: "trino-server",
  revision: "476",
  extension: "tar.gz",
  bytes: 821_045_832,
  sha256: "cfd5accde17e8ebd251eeeb78aed1f490e77bb3a164d95a0f454bf8a7c1cbd3f",
};

/** What Lakewright uses of the server's fifty plugins. */
const PLUGINS = ["hive", "hudi", "delta-lake"];

/**
 * The Trino server with the plugins the lake needs, installed on first use: 821 MB to download,
 * 379 MB kept.
 * @returns its folder, which holds `lib` and `plugin`
 */
export async function ensureTrino(progress?: Progress): Promise<string> {
  return installOnce(
    {
      title: `Trino ${SERVER.revision}`,
      folder: join(paths().cache, `trino-${SERVER.revision}`),
      bytesNeeded: 2.6e9,
      async build(draft, report) {
        const scratch = join(draft, "ivy");
        const [archive] = await fetchArtifacts([SERVER], scratch, report);
        report("unpacking");
        // Plugins share their jars by hard links that point anywhere: unpack all, then delete.
        await run("tar", ["-xzf", archive as string, "-C", draft, "--strip-components=1"]);
        rmSync(scratch, { recursive: true });
        keepOnly(draft, ["lib", "plugin", "NOTICE"]);
        keepOnly(join(draft, "plugin"), PLUGINS);
      },
    },
    progress,
  );
}

function keepOnly(folder: string, names: readonly string[]): void {
  for (const name of readdirSync(folder).filter((entry) => !names.includes(entry)))
    rmSync(join(folder, name), { recursive: true });
}
