import { Network } from "../../components/network";
import { recordResources, type Registered, settled } from "../pulumi-mocks";

let registered: Registered[];

beforeEach(() => {
  registered = recordResources();
});

/** Inputs by name of the resources of a type. */
function inputsOf(type: string): Record<string, Registered["inputs"]> {
  const found = registered.filter((resource) => resource.type === type);
  return Object.fromEntries(found.map(({ name, inputs }) => [name, inputs]));
}

const VPC = "awsx:ec2:Vpc";
const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const ROUTE = "aws:ec2/route:Route";

const EXISTING = {
  vpcId: "vpc-1",
  cidrBlock: "172.16.0.0/16",
  privateSubnetIds: ["subnet-1", "subnet-2"],
  routeTableIds: ["rtb-1", "rtb-2"],
};

function idsOf(network: Network): Promise<Record<string, string[]>> {
  return new Promise((resolve) => {
    network.replicationSubnetIds.apply((replication) =>
      network.publicSubnetIds.apply((open) => resolve({ replication, open })),
    );
  });
}

test("by default a network has private subnets in two zones, and neither NAT nor public subnets", async () => {
  const network = new Network("net");
  const ids = await idsOf(network);
  await settled();
  expect(inputsOf(VPC)).toEqual({
    net: {
      cidrBlock: "10.40.0.0/16",
      numberOfAvailabilityZones: 2,
      availabilityZoneCidrMask: 18,
      subnetStrategy: "Auto",
      subnetSpecs: [{ type: "Private", cidrMask: 20 }],
      natGateways: { strategy: "None" },
      enableDnsHostnames: true,
      enableDnsSupport: true,
    },
  });
  expect(ids).toEqual({ replication: ["net-private-1-id", "net-private-2-id"], open: [] });
  expect(inputsOf("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")).toEqual({
    net: { vpcId: "net-id" },
  });
});

test("S3 is always reached by a gateway endpoint, from every route table", async () => {
  new Network("net", { nat: "perZone", zones: 3 });
  await settled();
  const zones = [1, 2, 3];
  expect(inputsOf(ENDPOINT)).toEqual({
    "net-s3": {
      vpcId: "net-id",
      serviceName: "com.amazonaws.eu-central-1.s3",
      vpcEndpointType: "Gateway",
      routeTableIds: [
        ...zones.map((zone) => `table-net-private-${zone}-id`),
        ...zones.map((zone) => `table-net-public-${zone}-id`),
      ],
      tags: { Name: "net-s3" },
    },
  });
});

test("interface endpoints are created for the services asked for, in one zone or in all", async () => {
  new Network("one", { interfaceEndpoints: ["secretsmanager", "glue"] });
  new Network("all", { interfaceEndpoints: ["sts"], endpointsInEveryZone: true });
  await settled();
  const endpoints = inputsOf(ENDPOINT);
  expect(Object.keys(endpoints).sort()).toEqual([
    "all-s3",
    "all-sts",
    "one-glue",
    "one-s3",
    "one-secretsmanager",
  ]);
  expect(endpoints["one-secretsmanager"]).toEqual({
    vpcId: "one-id",
    serviceName: "com.amazonaws.eu-central-1.secretsmanager",
    vpcEndpointType: "Interface",
    privateDnsEnabled: true,
    subnetIds: ["one-private-1-id"],
    securityGroupIds: ["one-interfaces-id"],
    tags: { Name: "one-secretsmanager" },
  });
  expect(endpoints["all-sts"].subnetIds).toEqual(["all-private-1-id", "all-private-2-id"]);
  expect(inputsOf(INGRESS)["one-interfaces-https"]).toEqual({
    securityGroupId: "one-interfaces-id",
    description: "HTTPS from the VPC",
    cidrIpv4: "10.40.0.0/16",
    ipProtocol: "tcp",
    fromPort: 443,
    toPort: 443,
  });
});

/** Port and destination of replication's ways out, by rule. */
function waysOut(name: string): Record<string, string> {
  const group = `${name}-replication`;
  const rules = Object.entries(inputsOf(EGRESS)).filter(([rule]) => rule.startsWith(group));
  return Object.fromEntries(
    rules.map(([rule, { fromPort, toPort, cidrIpv4, prefixListId, securityGroupId }]) => {
      expect([toPort, securityGroupId]).toEqual([fromPort, `${group}-id`]);
      return [rule.slice(group.length + 1), `${cidrIpv4 ?? prefixListId}:${fromPort}`];
    }),
  );
}

test("replication lets nobody in, and out to S3 and to what the settings name alone", async () => {
  new Network("closed");
  new Network("near", {
    interfaceEndpoints: ["secretsmanager"],
    sources: [{ cidrBlock: "10.40.9.0/24" }],
  });
  new Network("far", { nat: "single", sources: [{ cidrBlock: "8.8.8.8/32", port: 6543 }] });
  await settled();
  expect(waysOut("closed")).toEqual({ s3: "pl-s3:443" });
  expect(waysOut("near")).toEqual({
    s3: "pl-s3:443",
    https: "10.40.0.0/16:443",
    "source-10.40.9.0/24-5432": "10.40.9.0/24:5432",
  });
  expect(waysOut("far")).toEqual({
    s3: "pl-s3:443",
    https: "0.0.0.0/0:443",
    "source-8.8.8.8/32-6543": "8.8.8.8/32:6543",
  });
  expect(Object.keys(inputsOf(INGRESS))).toEqual(["near-interfaces-https"]);
  const groups = Object.values(inputsOf("aws:ec2/securityGroup:SecurityGroup"));
  expect(groups.filter(({ ingress, egress }) => ingress ?? egress)).toEqual([]);
});

test("public replication runs in public subnets, which NAT alone does not make it do", async () => {
  const open = await idsOf(new Network("open", { publicReplication: true }));
  const nat = await idsOf(new Network("nat", { nat: "single" }));
  await settled();
  expect(open.replication).toEqual(["open-public-1-id", "open-public-2-id"]);
  expect(nat.replication).toEqual(["nat-private-1-id", "nat-private-2-id"]);
  const strategies = Object.values(inputsOf(VPC)).map(({ natGateways }) => natGateways.strategy);
  expect(strategies).toEqual(["None", "Single"]);
  expect(inputsOf(VPC).open.subnetSpecs).toEqual([
    { type: "Private", cidrMask: 20 },
    { type: "Public", cidrMask: 24 },
  ]);
});

test("public subnets are there for public replication and NAT, and in an existing VPC that has two", async () => {
  const has = (args: ConstructorParameters<typeof Network>[1], name: string) =>
    new Network(name, args).hasPublicSubnets;
  expect(has({}, "a")).toBe(false);
  expect(has({ nat: "single" }, "b")).toBe(true);
  expect(has({ publicReplication: true }, "c")).toBe(true);
  expect(has({ existing: { ...EXISTING, nat: true } }, "d")).toBe(false);
  expect(has({ existing: { ...EXISTING, publicSubnetIds: ["subnet-8"] } }, "e")).toBe(false);
  expect(has({ existing: { ...EXISTING, publicSubnetIds: ["subnet-8", "subnet-9"] } }, "f")).toBe(
    true,
  );
  await settled();
});

test("a service is reached by its endpoint, by NAT or by a public address", async () => {
  const reaches = (args: ConstructorParameters<typeof Network>[1], name: string) =>
    new Network(name, args).reaches("secretsmanager");
  expect(reaches({}, "a")).toBe(false);
  expect(reaches({ interfaceEndpoints: ["glue"] }, "b")).toBe(false);
  expect(reaches({ interfaceEndpoints: ["secretsmanager"] }, "c")).toBe(true);
  expect(reaches({ nat: "single" }, "d")).toBe(true);
  expect(reaches({ publicReplication: true }, "e")).toBe(true);
  expect(reaches({ existing: EXISTING }, "f")).toBe(false);
  expect(reaches({ existing: { ...EXISTING, nat: true } }, "g")).toBe(true);
  const interfaceEndpoints = ["secretsmanager"] as const;
  expect(reaches({ existing: { ...EXISTING, interfaceEndpoints } }, "h")).toBe(true);
  await settled();
});

test("peering and VPN are routed to from every route table, the VPN once it is attached", async () => {
  new Network("net", {
    peerings: [{ connectionId: "pcx-1", cidrBlocks: ["10.50.0.0/16"] }],
    vpn: { gatewayId: "vgw-1", cidrBlocks: ["192.168.0.0/16"] },
    sources: [{ cidrBlock: "192.168.7.5/32" }],
  });
  await settled();
  expect(inputsOf(ROUTE)).toEqual({
    "net-10.50.0.0/16-1": route("1", "10.50.0.0/16", { vpcPeeringConnectionId: "pcx-1" }),
    "net-10.50.0.0/16-2": route("2", "10.50.0.0/16", { vpcPeeringConnectionId: "pcx-1" }),
    "net-192.168.0.0/16-1": route("1", "192.168.0.0/16", { gatewayId: "vgw-1" }),
    "net-192.168.0.0/16-2": route("2", "192.168.0.0/16", { gatewayId: "vgw-1" }),
  });
  expect(inputsOf("aws:ec2/vpnGatewayAttachment:VpnGatewayAttachment")).toEqual({
    net: { vpcId: "net-id", vpnGatewayId: "vgw-1" },
  });
});

function route(zone: string, block: string, target: object): object {
  const routeTableId = `table-net-private-${zone}-id`;
  return { routeTableId, destinationCidrBlock: block, ...target };
}

test("an existing VPC gets what is missing in it alone", async () => {
  const network = new Network("net", {
    existing: { ...EXISTING, s3PrefixListId: "pl-theirs", interfaceEndpoints: ["secretsmanager"] },
    vpn: { gatewayId: "vgw-1", cidrBlocks: ["192.168.0.0/16"] },
  });
  const ids = await idsOf(network);
  await settled();
  expect(ids).toEqual({ replication: ["subnet-1", "subnet-2"], open: [] });
  const created = registered.map(({ type }) => type).filter((type) => type.startsWith("aws"));
  expect(created.sort()).toEqual([
    ROUTE,
    ROUTE,
    "aws:ec2/securityGroup:SecurityGroup",
    EGRESS,
    EGRESS,
  ]);
  expect(waysOut("net")).toEqual({ s3: "pl-theirs:443", https: "172.16.0.0/16:443" });
  expect(Object.values(inputsOf(ROUTE)).map(({ routeTableId }) => routeTableId)).toEqual([
    "rtb-1",
    "rtb-2",
  ]);
});

test("settings that cannot work together are refused, all at once", () => {
  const problems = (args: ConstructorParameters<typeof Network>[1]) => {
    try {
      new Network("net", args);
    } catch (error) {
      return (error as Error).message.split("\n  ").slice(1);
    }
    return [];
  };
  expect(problems({ zones: 1, cidrBlock: "10.0.0.0/24" })).toEqual([
    "zones is 1; DMS needs subnets in two zones, and four fit in",
    "cidrBlock is 10.0.0.0/24; expected a range between /16 and /20",
  ]);
  expect(
    problems({
      existing: { ...EXISTING, privateSubnetIds: ["subnet-1"], interfaceEndpoints: ["glue"] },
      nat: "single",
      publicReplication: true,
      interfaceEndpoints: ["glue"],
    }),
  ).toEqual([
    "nat is for a VPC of its own; leave it out beside existing",
    "existing.privateSubnetIds: DMS needs subnets in two zones at least",
    "publicReplication needs existing.publicSubnetIds, in two zones at least",
    "interfaceEndpoints: the existing VPC has one for glue already",
  ]);
  expect(
    problems({
      peerings: [{ connectionId: "pcx-1", cidrBlocks: ["10.40.128.0/17"] }],
      vpn: { gatewayId: "vgw-1", cidrBlocks: [] },
      sources: [{ cidrBlock: "192.168.7.5/32" }],
    }),
  ).toEqual([
    "peerings[0].cidrBlocks: 10.40.128.0/17 overlaps with the VPC's 10.40.0.0/16",
    "vpn.cidrBlocks is empty: no route would lead there",
    "sources: nothing leads to 192.168.7.5/32; set peerings, vpn, nat or publicReplication",
  ]);
});
