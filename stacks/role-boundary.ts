import type * as pulumi from "@pulumi/pulumi";

/** Gives every role of a component that is made with it a permissions boundary. */
export function roleBoundary(permissionsBoundary: string): pulumi.ResourceTransformation {
  return ({ type, props, opts }) =>
    type === "aws:iam/role:Role" ? { props: { ...props, permissionsBoundary }, opts } : undefined;
}
