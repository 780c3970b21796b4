import * as pulumi from "@pulumi/pulumi";

import { type Inputs, mockAnswers, mockState } from "./mock-aws";

/** A resource as the program registered it. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Inputs;
}

export interface Recording {
  /** All that the program registered so far, components among them. */
  readonly registered: Registered[];
  /** The outermost component that each is part of, or is: `Governance saas-dev`. */
  readonly components: ReadonlyMap<Registered, string>;
}

const PROJECT = "lakewright";
const STACK = "test";
/** Where the configuration does not say it. */
const REGION = "eu-central-1";

/**
 * Has Pulumi record resources instead of creating them, without engine, provider and account. Call
 * it before the program runs, and `settled` after.
 * @param answers what AWS answers otherwise than usual, by the question's token, and by the type
 *   of what is read instead of created
 */
export function startRecording(
  config: Readonly<Record<string, string>> = {},
  answers: Readonly<Record<string, object>> = {},
): Recording {
  const registered: Registered[] = [];
  const components = new Map<Registered, string>();
  const region = config["aws:region"] ?? REGION;
  const usual = mockAnswers(region);
  const parts = new Map<string, string>();
  let parent = "";
  pulumi.runtime.setAllConfig({ ...config });
  void pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, id }) => {
        if (id) return { id, state: { ...usual[type], ...answers[type] } };
        const resource = { type, name, inputs };
        registered.push(resource);
        const component = parts.get(parent) ?? componentName(resource);
        if (component !== undefined) {
          components.set(resource, component);
          parts.set(urn(parent, type, name), component);
        }
        return { id: `${name}-id`, state: mockState(type, name, inputs, region) };
      },
      call: ({ token, inputs }) => ({ ...inputs, ...usual[token], ...answers[token] }),
    },
    PROJECT,
    STACK,
    false,
  );
  noteParents((each) => (parent = each));
  return { registered, components };
}

/** Waits until every output that the program made so far is resolved. */
export async function settled(): Promise<void> {
  await pulumi.runtime.disconnect();
}

/** Mocks are not told a resource's parent: the request is looked at before it gets to them. */
function noteParents(note: (parentUrn: string) => void): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    registerResource(request: { getParent(): string }, callback: unknown): unknown;
  };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    note(request.getParent());
    return register(request, callback);
  };
}

function componentName({ type, name }: Registered): string | undefined {
  return isComponent({ type }) ? `${type.split(":")[2]} ${name}` : undefined;
}

/** Whether it groups resources, and is none itself. */
export function isComponent({ type }: Pick<Registered, "type">): boolean {
  return type.startsWith("lakewright:");
}

/** As Pulumi's mocks make them: with the type of the parent alone. */
function urn(parent: string, type: string, name: string): string {
  const parentType = parent.split("::")[2]?.split("$").pop();
  const qualified = parentType === undefined ? type : `${parentType}$${type}`;
  return `urn:pulumi:${[STACK, PROJECT, qualified, name].join("::")}`;
}
