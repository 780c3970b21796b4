import { DAYS, HOURS, type Usage } from "./cost-month";
import type { CostSettings } from "./cost-settings";

/** DMS, its network and its source, where the source is ours. */
export function replicationLines(settings: CostSettings): Usage[] {
  return [...dmsLines(settings), ...networkLines(settings), ...trialLines(settings)];
}

function dmsLines(settings: CostSettings): Usage[] {
  const copies = settings.multiAz ? 2 : 1;
  const zones = settings.multiAz ? "two zones" : "one zone";
  const service = "DMS";
  if (settings.replication === "off") return [];
  if (settings.replication === "serverless") {
    const quantity = settings.serverlessUnits * HOURS * copies;
    return [{ service, item: `serverless, ${zones}`, quantity, price: "dmsServerlessDcuHour" }];
  }
  const hours = settings.dmsHoursPerDay * DAYS;
  return [
    {
      service,
      item: `${settings.dmsClass}, ${zones}`,
      quantity: hours * copies,
      price: settings.dmsClass,
    },
    {
      service,
      item: "storage",
      quantity: settings.dmsStorageGb * copies * (hours / HOURS),
      price: "dmsStorageGb",
    },
  ];
}

function networkLines(settings: CostSettings): Usage[] {
  const { interfaceEndpoints, zones, natGateways, publicDms, replication } = settings;
  const addresses = publicDms && replication === "instance" ? settings.dmsHoursPerDay * DAYS : 0;
  const service = "Network";
  return [
    {
      service,
      item: `${interfaceEndpoints} interface endpoints in ${zones} zones`,
      quantity: interfaceEndpoints * zones * HOURS,
      price: "endpointHour",
    },
    { service, item: "NAT gateways", quantity: natGateways * HOURS, price: "natHour" },
    {
      service,
      item: "public IPv4 addresses",
      quantity: natGateways * HOURS + addresses,
      price: "publicAddressHour",
    },
  ];
}

function trialLines({ trialDatabase, trialStorageGb }: CostSettings): Usage[] {
  if (trialDatabase === null) return [];
  const service = "RDS (trial source)";
  return [
    { service, item: trialDatabase, quantity: HOURS, price: trialDatabase },
    { service, item: "storage", quantity: trialStorageGb, price: "rdsStorageGb" },
  ];
}
