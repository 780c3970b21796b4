import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { InterfaceService } from "./network-args";

export interface NetworkEndpointsArgs {
  readonly vpcId: pulumi.Input<string>;
  /** Addresses that may use the interface endpoints. */
  readonly cidrBlock: pulumi.Input<string>;
  /** Subnets that interface endpoints stand in. */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Route tables that lead to S3's gateway endpoint. */
  readonly routeTableIds: readonly pulumi.Input<string>[];
  /**
   * The prefix list of S3 where the route tables lead to a gateway endpoint already.
   * @default a gateway endpoint is created
   */
  readonly s3PrefixListId?: pulumi.Input<string>;
  /** Services to create interface endpoints for. */
  readonly services: readonly InterfaceService[];
}

/** How a VPC reaches AWS services without the internet: S3 by a gateway, others by interfaces. */
export class NetworkEndpoints extends pulumi.ComponentResource {
  /** Costs nothing; undefined where the VPC has one. */
  readonly s3?: aws.ec2.VpcEndpoint;
  /** Addresses of S3, for rules of security groups. */
  readonly s3PrefixListId: pulumi.Output<string>;
  readonly interfaces: Readonly<Partial<Record<InterfaceService, aws.ec2.VpcEndpoint>>>;
  /** Of the interface endpoints; undefined without any. */
  readonly securityGroup?: aws.ec2.SecurityGroup;

  constructor(
    private readonly name: string,
    private readonly args: NetworkEndpointsArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("lakewright:network:NetworkEndpoints", name, {}, opts);
    const { region } = aws.getRegionOutput({}, { parent: this });
    if (args.s3PrefixListId === undefined) this.s3 = this.gateway(region);
    this.s3PrefixListId = this.s3?.prefixListId ?? pulumi.output(args.s3PrefixListId!);
    if (args.services.length > 0) this.securityGroup = this.createSecurityGroup();
    this.interfaces = Object.fromEntries(
      args.services.map((service) => [service, this.interface(region, service)]),
    );
    this.registerOutputs({ s3PrefixListId: this.s3PrefixListId });
  }

  private gateway(region: pulumi.Output<string>): aws.ec2.VpcEndpoint {
    return new aws.ec2.VpcEndpoint(
      `${this.name}-s3`,
      {
        vpcId: this.args.vpcId,
        serviceName: pulumi.interpolate`com.amazonaws.${region}.s3`,
        vpcEndpointType: "Gateway",
        routeTableIds: [...this.args.routeTableIds],
        tags: { Name: `${this.name}-s3` },
      },
      { parent: this },
    );
  }

  private interface(region: pulumi.Output<string>, service: InterfaceService): aws.ec2.VpcEndpoint {
    return new aws.ec2.VpcEndpoint(
      `${this.name}-${service}`,
      {
        vpcId: this.args.vpcId,
        serviceName: pulumi.interpolate`com.amazonaws.${region}.${service}`,
        vpcEndpointType: "Interface",
        // The service's usual name leads to the endpoint: whoever calls it need not know.
        privateDnsEnabled: true,
        subnetIds: this.args.subnetIds,
        securityGroupIds: [this.securityGroup!.id],
        tags: { Name: `${this.name}-${service}` },
      },
      { parent: this },
    );
  }

  private createSecurityGroup(): aws.ec2.SecurityGroup {
    const name = `${this.name}-interfaces`;
    const group = new aws.ec2.SecurityGroup(
      name,
      {
        vpcId: this.args.vpcId,
        description: "Interface endpoints of AWS services",
        tags: { Name: name },
      },
      { parent: this },
    );
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-https`,
      {
        securityGroupId: group.id,
        description: "HTTPS from the VPC",
        cidrIpv4: this.args.cidrBlock,
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
      },
      { parent: group },
    );
    return group;
  }
}
