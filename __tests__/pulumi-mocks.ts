import * as pulumi from "@pulumi/pulumi";

/** A resource as the program registered it. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  // Pulumi's mocks give inputs as plain JSON of any shape.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly inputs: any;
}

/** Has Pulumi record resources instead of creating them; call before the program is imported. */
export function recordResources(config: Record<string, string> = {}): Registered[] {
  const registered: Registered[] = [];
  pulumi.runtime.setAllConfig(config);
  void pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        registered.push({ type, name, inputs });
        return {
          id: `${name}-id`,
          state: { ...inputs, arn: `arn:aws:mock:::${name}`, bucket: name },
        };
      },
      call: ({ inputs }) => inputs,
    },
    "lakewright",
    "test",
    false,
  );
  return registered;
}

/** Waits until every output that the program made so far is resolved. */
export async function settled(): Promise<void> {
  await pulumi.runtime.disconnect();
}
