import type * as pulumi from "@pulumi/pulumi";

import { type Content, CONTENTS, LakeBuckets } from "../components/lake-buckets";
import { loadLake } from "../lakes/load";
import type { EnvironmentSettings } from "./config";

/** What an environment gives to those who use its lakes. */
export interface EnvironmentOutputs {
  /** Bucket names by lake and what they hold. */
  readonly buckets: Record<string, Record<Content, pulumi.Output<string>>>;
}

/** Composes one environment: the lakes that its settings name. */
export function createEnvironment(settings: EnvironmentSettings): EnvironmentOutputs {
  const buckets: EnvironmentOutputs["buckets"] = {};
  for (const lake of settings.lakes) {
    const { definition } = loadLake(lake);
    const created = new LakeBuckets(`${definition.name}-${settings.environment}`, {
      destroyable: settings.destroyable,
    });
    buckets[lake] = Object.fromEntries(
      CONTENTS.map((content) => [content, created.buckets[content].bucket]),
    ) as Record<Content, pulumi.Output<string>>;
  }
  return { buckets };
}
