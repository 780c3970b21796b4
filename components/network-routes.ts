import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { NetworkArgs } from "./network-args";

export interface NetworkRoutesArgs extends Pick<NetworkArgs, "peerings" | "vpn"> {
  readonly vpcId: pulumi.Input<string>;
  readonly routeTableIds: readonly pulumi.Input<string>[];
  /** Whether the virtual private gateway is still to be attached to the VPC. */
  readonly attachVpn: boolean;
}

/** The way from a VPC to networks behind its peering connections and its VPN. */
export class NetworkRoutes extends pulumi.ComponentResource {
  readonly vpnAttachment?: aws.ec2.VpnGatewayAttachment;
  readonly routes: readonly aws.ec2.Route[];

  constructor(
    private readonly name: string,
    private readonly args: NetworkRoutesArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("lakewright:network:NetworkRoutes", name, {}, opts);
    const { peerings = [], vpn } = args;
    if (vpn && args.attachVpn) {
      this.vpnAttachment = new aws.ec2.VpnGatewayAttachment(
        name,
        { vpcId: args.vpcId, vpnGatewayId: vpn.gatewayId },
        { parent: this },
      );
    }
    this.routes = [
      ...peerings.flatMap(({ connectionId, cidrBlocks }) =>
        this.routesTo(cidrBlocks, { vpcPeeringConnectionId: connectionId }),
      ),
      ...this.routesTo(vpn?.cidrBlocks ?? [], { gatewayId: vpn?.gatewayId }),
    ];
    this.registerOutputs({});
  }

  /** One route per block and route table. */
  private routesTo(
    cidrBlocks: readonly string[],
    target: Pick<aws.ec2.RouteArgs, "gatewayId" | "vpcPeeringConnectionId">,
  ): aws.ec2.Route[] {
    return cidrBlocks.flatMap((block) =>
      this.args.routeTableIds.map(
        (routeTableId, index) =>
          new aws.ec2.Route(
            `${this.name}-${block}-${index + 1}`,
            { routeTableId, destinationCidrBlock: block, ...target },
            { parent: this, dependsOn: this.vpnAttachment },
          ),
      ),
    );
  }
}
