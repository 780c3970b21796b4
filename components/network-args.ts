import type * as pulumi from "@pulumi/pulumi";

import { contains, overlap, parseCidr } from "../model/cidr";
import { UserError } from "../model/errors";

/** AWS services that private subnets can reach by an interface endpoint each. */
export const INTERFACE_SERVICES = [
  "athena",
  "glue",
  "kms",
  "lakeformation",
  "logs",
  "secretsmanager",
  "sts",
] as const;
export type InterfaceService = (typeof INTERFACE_SERVICES)[number];

/** Networks beyond the VPC that its route tables lead to. */
export interface RemoteNetwork {
  /** Their addresses. */
  readonly cidrBlocks: readonly string[];
}

/** A VPC that is there already; nothing in it changes but what is added. */
export interface ExistingVpc {
  readonly vpcId: pulumi.Input<string>;
  /** Its range of addresses. */
  readonly cidrBlock: string;
  /** Private subnets, in two zones at least. */
  readonly privateSubnetIds: readonly pulumi.Input<string>[];
  /**
   * Subnets with a route to an internet gateway, in two zones at least.
   * @default none
   */
  readonly publicSubnetIds?: readonly pulumi.Input<string>[];
  /** The route tables of these subnets. */
  readonly routeTableIds: readonly pulumi.Input<string>[];
  /**
   * The prefix list of S3 where the route tables lead to a gateway endpoint already; a second one
   * cannot be added to them.
   * @default a gateway endpoint is created
   */
  readonly s3PrefixListId?: pulumi.Input<string>;
  /**
   * Services whose interface endpoints, with private DNS, the VPC has already.
   * @default none
   */
  readonly interfaceEndpoints?: readonly InterfaceService[];
  /**
   * Whether the private subnets reach the internet.
   * @default false
   */
  readonly nat?: boolean;
}

/** Where a source database answers. */
export interface SourceAddress {
  readonly cidrBlock: string;
  /** @default 5432 */
  readonly port?: number;
}

export interface NetworkArgs {
  /**
   * A VPC that is there already.
   * @default a VPC of its own
   */
  readonly existing?: ExistingVpc;
  /**
   * Addresses of a VPC of its own, between /16 and /20.
   * @default "10.40.0.0/16"
   */
  readonly cidrBlock?: string;
  /**
   * Zones of a VPC of its own, with a subnet each; DMS needs 2, and 4 fit in.
   * @default 2
   */
  readonly zones?: number;
  /**
   * NAT gateways of a VPC of its own: `none`; a `single` one; one per zone (`perZone`).
   * @default "none"
   */
  readonly nat?: "none" | "single" | "perZone";
  /**
   * Whether replication runs in public subnets, for a source that only the internet leads to.
   * @default false
   */
  readonly publicReplication?: boolean;
  /**
   * Services to create interface endpoints for. Each costs by the hour and zone.
   * @default none
   */
  readonly interfaceEndpoints?: readonly InterfaceService[];
  /**
   * Whether interface endpoints stand in every zone rather than in one.
   * @default false
   */
  readonly endpointsInEveryZone?: boolean;
  /**
   * Source databases, which replication may connect to.
   * @default none: the database's own component lets replication in
   */
  readonly sources?: readonly SourceAddress[];
  /**
   * Peering connections, accepted already, and what is behind them.
   * @default none
   */
  readonly peerings?: readonly (RemoteNetwork & { readonly connectionId: pulumi.Input<string> })[];
  /**
   * A virtual private gateway, whose VPN connection leads on premises, and what is behind it. A VPC
   * of its own has it attached; an existing one must have.
   * @default none
   */
  readonly vpn?: RemoteNetwork & { readonly gatewayId: pulumi.Input<string> };
}

export const DEFAULT_CIDR = "10.40.0.0/16";

/** Whether a network has public subnets, in two zones at least. */
export function hasPublicSubnets(args: NetworkArgs): boolean {
  const { existing, nat = "none", publicReplication = false } = args;
  if (existing) return (existing.publicSubnetIds ?? []).length >= 2;
  return publicReplication || nat !== "none";
}

/** @throws UserError naming every setting that cannot work with the others. */
export function checkNetwork(args: NetworkArgs): void {
  const problems = [
    ...(args.existing ? existingProblems(args, args.existing) : ownProblems(args)),
    ...routeProblems(args),
    ...(args.existing ? [] : sourceProblems(args)),
  ];
  if (problems.length > 0) {
    throw new UserError(`the network cannot work as it is set:\n  ${problems.join("\n  ")}`);
  }
}

function existingProblems(args: NetworkArgs, existing: ExistingVpc): string[] {
  const problems = (["cidrBlock", "zones", "nat"] as const)
    .filter((name) => args[name] !== undefined)
    .map((name) => `${name} is for a VPC of its own; leave it out beside existing`);
  if (existing.privateSubnetIds.length < 2) {
    problems.push("existing.privateSubnetIds: DMS needs subnets in two zones at least");
  }
  if (args.publicReplication && (existing.publicSubnetIds ?? []).length < 2) {
    problems.push("publicReplication needs existing.publicSubnetIds, in two zones at least");
  }
  for (const service of args.interfaceEndpoints ?? []) {
    if (!existing.interfaceEndpoints?.includes(service)) continue;
    problems.push(`interfaceEndpoints: the existing VPC has one for ${service} already`);
  }
  return problems;
}

function ownProblems({ zones = 2, cidrBlock = DEFAULT_CIDR }: NetworkArgs): string[] {
  const problems: string[] = [];
  if (!Number.isInteger(zones) || zones < 2 || zones > 4) {
    problems.push(`zones is ${zones}; DMS needs subnets in two zones, and four fit in`);
  }
  const { prefix } = parseCidr(cidrBlock, "cidrBlock");
  if (prefix < 16 || prefix > 20) {
    problems.push(`cidrBlock is ${cidrBlock}; expected a range between /16 and /20`);
  }
  return problems;
}

/** Remote networks with their names in the arguments. */
function remoteNetworks({ peerings = [], vpn }: NetworkArgs): [string, RemoteNetwork][] {
  return [
    ...peerings.map((peering, index): [string, RemoteNetwork] => [`peerings[${index}]`, peering]),
    ...(vpn ? [["vpn", vpn] as [string, RemoteNetwork]] : []),
  ];
}

/** A route to the VPC's own addresses is refused by AWS, and replies would not find back. */
function routeProblems(args: NetworkArgs): string[] {
  const cidrBlock = args.existing?.cidrBlock ?? args.cidrBlock ?? DEFAULT_CIDR;
  const own = parseCidr(cidrBlock, "cidrBlock");
  return remoteNetworks(args).flatMap(([name, { cidrBlocks }]) => {
    const setting = `${name}.cidrBlocks`;
    if (cidrBlocks.length === 0) return [`${setting} is empty: no route would lead there`];
    return cidrBlocks
      .filter((block) => overlap(own, parseCidr(block, setting)))
      .map((block) => `${setting}: ${block} overlaps with the VPC's ${cidrBlock}`);
  });
}

/** In a VPC of its own it is known where routes lead. */
function sourceProblems(args: NetworkArgs): string[] {
  const setting = "sources";
  if (args.publicReplication || (args.nat ?? "none") !== "none") return [];
  const reachable = [
    parseCidr(args.cidrBlock ?? DEFAULT_CIDR, "cidrBlock"),
    ...remoteNetworks(args).flatMap(([name, { cidrBlocks }]) =>
      cidrBlocks.map((block) => parseCidr(block, `${name}.cidrBlocks`)),
    ),
  ];
  return (args.sources ?? [])
    .map(({ cidrBlock }) => cidrBlock)
    .filter((block) => !reachable.some((range) => contains(range, parseCidr(block, setting))))
    .map(
      (block) =>
        `${setting}: nothing leads to ${block}; set peerings, vpn, nat or publicReplication`,
    );
}
