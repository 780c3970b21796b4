import type * as pulumi from "@pulumi/pulumi";

import { Alerts } from "../components/alerts";
import { Audit } from "../components/audit";
import { Network } from "../components/network";
import type { SourceAddress } from "../components/network-args";
import { TransferLogs } from "../components/transfer-logs";
import { ENVIRONMENT_TAG } from "./account";
import type { EnvironmentSettings } from "./environment-settings";
import { type Foundation, LakeStack } from "./lake";
import type { LakeSettings } from "./lake-settings";
import { type EnvironmentOutputs, lakeOutputs } from "./outputs";
import { qualityJars } from "./quality-jars";
import { roleBoundary } from "./role-boundary";

/** Composes one environment: its foundation and, on it, the lakes that its settings name. */
export function createEnvironment(
  settings: EnvironmentSettings,
  jars: readonly string[] = qualityJars(),
): EnvironmentOutputs {
  const { environment, destroyable, deployers, roleBoundaryArn } = settings;
  const opts = roleBoundaryArn ? { transformations: [roleBoundary(roleBoundaryArn)] } : {};
  const name = `lakewright-${environment}`;
  const network = createNetwork(name, settings, opts);
  const alerts = createAlerts(name, settings, opts);
  const transfers = Object.values(settings.lakes).some(({ files }) => files !== undefined);
  const foundation: Foundation = {
    environment,
    destroyable,
    deployers,
    network,
    publicReplication: settings.network.publicReplication ?? false,
    alerts,
    ...(transfers ? { transferLogs: new TransferLogs(name, opts) } : {}),
    qualityJars: jars,
    opts,
  };
  const lakes = Object.entries(settings.lakes).map(
    ([lake, each]) => [lake, new LakeStack(lake, each, foundation)] as const,
  );
  const buckets = lakes.flatMap(([, { storage }]) => Object.values(storage.distinct));
  new Audit(name, { ...settings.audit, buckets, destroyable }, opts);
  return {
    environment,
    lakes: Object.fromEntries(lakes.map(([lake, deployed]) => [lake, lakeOutputs(deployed)])),
    alertsTopicArn: alerts.topic.arn,
    vpcId: network.vpcId,
  };
}

function createNetwork(
  name: string,
  { network, lakes }: EnvironmentSettings,
  opts: pulumi.ComponentResourceOptions,
): Network {
  const sources = new Map<string, SourceAddress>();
  for (const address of Object.values(lakes).flatMap(sourceAddresses)) {
    sources.set(`${address.cidrBlock} ${address.port}`, address);
  }
  return new Network(name, { ...network, sources: [...sources.values()] }, opts);
}

/** A trial database lets replication in by itself. */
function sourceAddresses({ source }: LakeSettings): SourceAddress[] {
  if ("trial" in source) return [];
  const { cidrBlocks, port = 5432 } = source.database;
  return cidrBlocks.map((cidrBlock) => ({ cidrBlock, port }));
}

function createAlerts(
  name: string,
  settings: EnvironmentSettings,
  opts: pulumi.ComponentResourceOptions,
): Alerts {
  const { alerts, environment, destroyable } = settings;
  const costTag = { key: ENVIRONMENT_TAG, value: environment };
  const budget = alerts.monthlyBudgetUsd === undefined ? {} : { costTag };
  return new Alerts(name, { ...alerts, ...budget, destroyable }, opts);
}
