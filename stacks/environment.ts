import type * as pulumi from "@pulumi/pulumi";

import { LakeBuckets, type Layer, LAYERS } from "../components/lake-buckets";
import { loadLake } from "../lakes/load";
import type { EnvironmentSettings } from "./config";

/** What an environment gives to those who use its lakes. */
export interface EnvironmentOutputs {
  /** Bucket names by lake and layer. */
  readonly buckets: Record<string, Record<Layer, pulumi.Output<string>>>;
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
      LAYERS.map((layer) => [layer, created.buckets[layer].bucket]),
    ) as Record<Layer, pulumi.Output<string>>;
  }
  return { buckets };
}
