/** What Pulumi Deployments does to a stack. */
export type Operation = "preview" | "update" | "refresh" | "destroy";

/** A stack as Pulumi Cloud names it. */
export interface PulumiStack {
  readonly organisation: string;
  readonly project: string;
  readonly stack: string;
}

/** Where Pulumi Cloud issues the tokens of its deployments. */
export const PULUMI_ISSUER = "api.pulumi.com/oidc";

/** Where GitHub issues the tokens of its workflows. */
export const GITHUB_ISSUER = "token.actions.githubusercontent.com";

/** The audience of GitHub's tokens for AWS, as aws-actions/configure-aws-credentials asks for it. */
export const GITHUB_AUDIENCE = "sts.amazonaws.com";

/** A statement of a role's trust policy; the provider's ARN is Pulumi's to fill in. */
export interface TokenTrust {
  readonly Effect: "Allow";
  readonly Action: "sts:AssumeRoleWithWebIdentity";
  readonly Condition: { readonly StringEquals: Readonly<Record<string, string | string[]>> };
}

/**
 * Trusts the deployments of one stack, and of them these operations alone. Source: Pulumi
 * documentation, "OIDC for Pulumi Deployments", subject claim; the audience is the organisation.
 */
export function pulumiTrust(
  { organisation, project, stack }: PulumiStack,
  operations: readonly Operation[],
): TokenTrust {
  const subject = `pulumi:deploy:org:${organisation}:project:${project}:stack:${stack}`;
  return tokenTrust(
    PULUMI_ISSUER,
    organisation,
    operations.map((operation) => `${subject}:operation:${operation}:scope:write`),
  );
}

/**
 * Trusts the workflows that a repository's pull requests run; those of forks get no token. Source:
 * GitHub documentation, "OpenID Connect reference", subject claims.
 * @param repository as `owner/name`
 */
export function pullRequestTrust(repository: string): TokenTrust {
  return tokenTrust(GITHUB_ISSUER, GITHUB_AUDIENCE, [`repo:${repository}:pull_request`]);
}

function tokenTrust(issuer: string, audience: string, subjects: string[]): TokenTrust {
  return {
    Effect: "Allow",
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: { StringEquals: { [`${issuer}:aud`]: audience, [`${issuer}:sub`]: subjects } },
  };
}
