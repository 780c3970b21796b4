import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";

import { parseCidr } from "../model/cidr";
import {
  checkNetwork,
  DEFAULT_CIDR,
  type ExistingVpc,
  hasPublicSubnets,
  type InterfaceService,
  type NetworkArgs,
} from "./network-args";
import { NetworkEndpoints } from "./network-endpoints";
import { NetworkRoutes } from "./network-routes";

/** A VPC's parts, whether it is our own or was there. */
interface Parts {
  readonly vpcId: pulumi.Output<string>;
  readonly privateSubnetIds: pulumi.Output<string[]>;
  readonly publicSubnetIds: pulumi.Output<string[]>;
  readonly routeTableIds: readonly pulumi.Output<string>[];
}

/**
 * The network that replication runs in: private subnets without NAT by default, S3 by a gateway
 * endpoint, other services by interface endpoints where asked, routes to where the source is.
 */
export class Network extends pulumi.ComponentResource {
  /** The VPC of its own; undefined beside an existing one. */
  readonly vpc?: awsx.ec2.Vpc;
  readonly vpcId: pulumi.Output<string>;
  /** Addresses of the VPC. */
  readonly cidrBlock: string;
  readonly privateSubnetIds: pulumi.Output<string[]>;
  /** Empty where neither NAT nor public replication asks for any. */
  readonly publicSubnetIds: pulumi.Output<string[]>;
  /** Where replication runs: the public subnets or the private ones. */
  readonly replicationSubnetIds: pulumi.Output<string[]>;
  readonly endpoints: NetworkEndpoints;
  readonly routes: NetworkRoutes;
  /** Of replication: lets nobody in, and out to the source, S3 and the service endpoints alone. */
  readonly replicationSecurityGroup: aws.ec2.SecurityGroup;

  /** @throws UserError when the settings cannot work together. */
  constructor(
    private readonly name: string,
    private readonly args: NetworkArgs = {},
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("lakewright:network:Network", name, {}, opts);
    checkNetwork(args);
    this.cidrBlock = args.existing?.cidrBlock ?? args.cidrBlock ?? DEFAULT_CIDR;
    if (!args.existing) this.vpc = this.createVpc();
    const parts = this.vpc ? this.partsOf(this.vpc) : existingParts(args.existing!);
    this.vpcId = parts.vpcId;
    this.privateSubnetIds = parts.privateSubnetIds;
    this.publicSubnetIds = parts.publicSubnetIds;
    this.replicationSubnetIds = args.publicReplication
      ? parts.publicSubnetIds
      : parts.privateSubnetIds;
    this.endpoints = this.createEndpoints(parts);
    this.replicationSecurityGroup = this.createReplicationSecurityGroup();
    this.routes = this.createRoutes(parts);
    this.registerOutputs({ vpcId: this.vpcId });
  }

  /** Whether replication reaches an AWS service, by an interface endpoint or by the internet. */
  reaches(service: InterfaceService): boolean {
    return this.reachesInternet || this.serviceEndpoints.includes(service);
  }

  /** Whether there are public subnets, in two zones at least. */
  get hasPublicSubnets(): boolean {
    return hasPublicSubnets(this.args);
  }

  private get reachesInternet(): boolean {
    const { existing, nat = "none", publicReplication = false } = this.args;
    return publicReplication || (existing ? (existing.nat ?? false) : nat !== "none");
  }

  private get serviceEndpoints(): readonly InterfaceService[] {
    return [
      ...(this.args.interfaceEndpoints ?? []),
      ...(this.args.existing?.interfaceEndpoints ?? []),
    ];
  }

  private get zones(): number {
    return this.args.zones ?? 2;
  }

  private createVpc(): awsx.ec2.Vpc {
    const { prefix } = parseCidr(this.cidrBlock, "cidrBlock");
    const strategies = { none: "None", single: "Single", perZone: "OnePerAz" } as const;
    const vpc = new awsx.ec2.Vpc(
      this.name,
      {
        cidrBlock: this.cidrBlock,
        numberOfAvailabilityZones: this.zones,
        // A quarter for each zone and fixed sizes in it: a zone or public subnets that are added
        // later leave the others' addresses, and so the subnets, as they are.
        availabilityZoneCidrMask: prefix + 2,
        subnetStrategy: "Auto",
        subnetSpecs: [
          { type: "Private", cidrMask: prefix + 4 },
          ...(this.hasPublicSubnets ? [{ type: "Public" as const, cidrMask: prefix + 8 }] : []),
        ],
        natGateways: { strategy: strategies[this.args.nat ?? "none"] },
        // Private names of interface endpoints need both.
        enableDnsHostnames: true,
        enableDnsSupport: true,
      },
      { parent: this },
    );
    // Taken over without rules: whatever is put in it by mistake reaches nothing.
    new aws.ec2.DefaultSecurityGroup(this.name, { vpcId: vpc.vpcId }, { parent: this });
    return vpc;
  }

  private partsOf(vpc: awsx.ec2.Vpc): Parts {
    // One a subnet, so that their number is known before they are.
    const tables = this.zones * (this.hasPublicSubnets ? 2 : 1);
    const tableIds = vpc.routeTables.apply((all) => pulumi.all(all.map(({ id }) => id)));
    return {
      vpcId: vpc.vpcId,
      privateSubnetIds: vpc.privateSubnetIds,
      publicSubnetIds: vpc.publicSubnetIds,
      routeTableIds: Array.from({ length: tables }, (_, index) =>
        tableIds.apply((ids) => ids[index]!),
      ),
    };
  }

  private createEndpoints(parts: Parts): NetworkEndpoints {
    const everywhere = this.args.endpointsInEveryZone ?? false;
    return new NetworkEndpoints(
      this.name,
      {
        vpcId: parts.vpcId,
        cidrBlock: this.cidrBlock,
        subnetIds: parts.privateSubnetIds.apply((ids) => (everywhere ? ids : ids.slice(0, 1))),
        routeTableIds: parts.routeTableIds,
        s3PrefixListId: this.args.existing?.s3PrefixListId,
        services: this.args.interfaceEndpoints ?? [],
      },
      { parent: this },
    );
  }

  private createRoutes({ vpcId, routeTableIds }: Parts): NetworkRoutes {
    const { peerings, vpn, existing } = this.args;
    return new NetworkRoutes(
      this.name,
      { vpcId, routeTableIds, peerings, vpn, attachVpn: !existing },
      { parent: this },
    );
  }

  /** Made without rules of its own, it also loses the rule by which AWS lets everything out. */
  private createReplicationSecurityGroup(): aws.ec2.SecurityGroup {
    const name = `${this.name}-replication`;
    const group = new aws.ec2.SecurityGroup(
      name,
      { vpcId: this.vpcId, description: "Replication by AWS DMS", tags: { Name: name } },
      { parent: this },
    );
    const allow = (
      rule: string,
      description: string,
      port: number,
      to: Pick<aws.vpc.SecurityGroupEgressRuleArgs, "cidrIpv4" | "prefixListId">,
    ) =>
      new aws.vpc.SecurityGroupEgressRule(
        `${name}-${rule}`,
        {
          securityGroupId: group.id,
          description,
          ipProtocol: "tcp",
          fromPort: port,
          toPort: port,
          ...to,
        },
        { parent: group },
      );
    allow("s3", "HTTPS to Amazon S3", 443, { prefixListId: this.endpoints.s3PrefixListId });
    if (this.reachesInternet) {
      allow("https", "HTTPS to AWS services over the internet", 443, { cidrIpv4: "0.0.0.0/0" });
    } else if (this.serviceEndpoints.length > 0) {
      allow("https", "HTTPS to interface endpoints in the VPC", 443, { cidrIpv4: this.cidrBlock });
    }
    for (const { cidrBlock, port = 5432 } of this.args.sources ?? []) {
      allow(`source-${cidrBlock}-${port}`, "A source database", port, { cidrIpv4: cidrBlock });
    }
    return group;
  }
}

function existingParts(existing: ExistingVpc): Parts {
  return {
    vpcId: pulumi.output(existing.vpcId),
    privateSubnetIds: pulumi.all([...existing.privateSubnetIds]),
    publicSubnetIds: pulumi.all([...(existing.publicSubnetIds ?? [])]),
    routeTableIds: existing.routeTableIds.map((id) => pulumi.output(id)),
  };
}
