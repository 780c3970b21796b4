import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { DEPLOY_AREAS, deployPolicies, policyText } from "../model/aws/deploy-policy";
import {
  GITHUB_AUDIENCE,
  GITHUB_ISSUER,
  type Operation,
  pullRequestTrust,
  PULUMI_ISSUER,
  pulumiTrust,
} from "../model/aws/deploy-trust";
import { PREVIEW_POLICIES } from "../model/aws/preview-policy";
import { boundaryName, roleBoundary } from "../model/aws/role-boundary";
import { type DeploymentPlace, deploymentPlace } from "./deployment-place";
import { DmsServiceRoles, type DmsServiceRolesArgs } from "./dms-service-roles";
import { LakeFormationAdmins } from "./lake-formation-admins";
import { TokenRole } from "./token-role";

/** A stack that Pulumi Deployments deploys. */
export interface DeployedStack {
  /** The stack's name, which is its environment's. */
  readonly stack: string;
  /** What the names of its resources begin with, as `saas-dev`. */
  readonly prefixes: readonly string[];
  /** The tag that all of its resources carry. */
  readonly tag: { readonly key: string; readonly value: string };
  /**
   * Whether a deployment may delete its data and destroy it.
   * @default false
   */
  readonly destroyable?: boolean;
  /**
   * Whether a lake of it has dropped files, which AWS DataSync may bring.
   * @default false
   */
  readonly files?: boolean;
}

export interface PulumiDeploymentsArgs {
  /** The organisation in Pulumi Cloud. */
  readonly organisation: string;
  /**
   * The project in Pulumi Cloud.
   * @default this program's
   */
  readonly project?: string;
  readonly stacks: readonly DeployedStack[];
  /**
   * ARN of the account's OpenID Connect provider for Pulumi Cloud, of which there can be one alone.
   * @default one is made
   */
  readonly providerArn?: pulumi.Input<string>;
}

export interface PullRequestsArgs {
  /** The repository on GitHub, as `owner/name`. */
  readonly repository: string;
  /**
   * ARN of the account's OpenID Connect provider for GitHub, of which there can be one alone.
   * @default one is made
   */
  readonly providerArn?: pulumi.Input<string>;
}

export interface AccountArgs {
  /**
   * ARNs of users and roles that administer Lake Formation beside who deploys and who does already.
   * Who is no longer named here stays one until they are removed in Lake Formation.
   * @default none
   */
  readonly lakeFormationAdmins?: readonly pulumi.Input<string>[];
  /**
   * Which of the roles that AWS DMS demands are made.
   * @default both
   */
  readonly dms?: DmsServiceRolesArgs;
  /**
   * Roles for Pulumi Deployments, one a stack.
   * @default none
   */
  readonly deployments?: PulumiDeploymentsArgs;
  /**
   * A role with which a GitHub workflow previews pull requests.
   * @default none
   */
  readonly pullRequests?: PullRequestsArgs;
}

/** What an AWS account has once, before its environments. */
export class Account extends pulumi.ComponentResource {
  readonly dms: DmsServiceRoles;
  /** What the roles that a stack's deployments make can do at most, by stack. */
  readonly roleBoundaries: Readonly<Record<string, aws.iam.Policy>>;
  /** The roles of Pulumi Deployments, by stack. */
  readonly deployRoles: Readonly<Record<string, TokenRole>>;
  /** The role of pull requests' workflows. */
  readonly previewRole?: TokenRole;
  readonly lakeFormation: LakeFormationAdmins;
  private readonly place: pulumi.Output<DeploymentPlace>;

  constructor(
    private readonly name: string,
    args: AccountArgs = {},
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("lakewright:account:Account", name, {}, opts);
    this.place = deploymentPlace(this);
    this.dms = new DmsServiceRoles(name, args.dms, { parent: this });
    this.roleBoundaries = Object.fromEntries(
      (args.deployments?.stacks ?? []).map((each) => [each.stack, this.createBoundary(each)]),
    );
    this.deployRoles = args.deployments ? this.createDeployRoles(args.deployments) : {};
    if (args.pullRequests) this.previewRole = this.createPreviewRole(args.pullRequests);
    this.lakeFormation = new LakeFormationAdmins(
      name,
      {
        admins: [
          ...(args.lakeFormationAdmins ?? []),
          ...Object.values(this.deployRoles).map(({ role }) => role.arn),
        ],
      },
      { parent: this },
    );
    this.registerOutputs({ admins: this.lakeFormation.admins });
  }

  private createBoundary({ stack, prefixes }: DeployedStack): aws.iam.Policy {
    return new aws.iam.Policy(
      `${this.name}-${stack}-boundary`,
      {
        name: boundaryName(stack),
        description: `What the roles that deployments of stack ${stack} make can do at most`,
        policy: this.place.apply((place) => policyText(roleBoundary({ ...place, prefixes }))),
      },
      { parent: this },
    );
  }

  private createDeployRoles(args: PulumiDeploymentsArgs): Record<string, TokenRole> {
    const { organisation, project = pulumi.getProject(), stacks } = args;
    const providerArn =
      args.providerArn ?? this.createProvider("pulumi", PULUMI_ISSUER, organisation).arn;
    return Object.fromEntries(
      stacks.map((deployed) => {
        const { stack, destroyable = false, files = false } = deployed;
        const role = new TokenRole(
          `${this.name}-deploy-${stack}`,
          {
            providerArn,
            trust: pulumiTrust({ organisation, project, stack }, operationsOf(destroyable)),
            policies: this.deployRights({ ...deployed, destroyable, files }),
            areas: DEPLOY_AREAS,
            description: `Pulumi Deployments of stack ${stack}`,
          },
          { parent: this },
        );
        return [stack, role];
      }),
    );
  }

  private deployRights({ stack, ...scope }: Required<DeployedStack>) {
    return pulumi
      .all([this.place, this.roleBoundaries[stack]!.arn])
      .apply(([place, boundaryArn]) => deployPolicies({ ...place, ...scope, boundaryArn }));
  }

  private createPreviewRole({ repository, providerArn }: PullRequestsArgs): TokenRole {
    return new TokenRole(
      `${this.name}-preview`,
      {
        providerArn:
          providerArn ?? this.createProvider("github", GITHUB_ISSUER, GITHUB_AUDIENCE).arn,
        trust: pullRequestTrust(repository),
        policies: PREVIEW_POLICIES,
        areas: Object.keys(PREVIEW_POLICIES),
        description: `Previews of ${repository}'s pull requests`,
      },
      { parent: this },
    );
  }

  /** AWS trusts the issuers' certificates by their authorities: no thumbprints are needed. */
  private createProvider(
    name: string,
    issuer: string,
    audience: string,
  ): aws.iam.OpenIdConnectProvider {
    return new aws.iam.OpenIdConnectProvider(
      `${this.name}-${name}`,
      { url: `https://${issuer}`, clientIdLists: [audience] },
      { parent: this },
    );
  }
}

/** A stack that keeps its data is not destroyed by a deployment. */
function operationsOf(destroyable: boolean): Operation[] {
  return ["preview", "update", "refresh", ...(destroyable ? (["destroy"] as const) : [])];
}
