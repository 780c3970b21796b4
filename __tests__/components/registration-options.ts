import * as pulumi from "@pulumi/pulumi";

/** Options with which a resource was registered, of which mocks are not told. */
export interface Options {
  readonly dependsOn: readonly string[];
  readonly deletedWith: string;
  readonly ignoreChanges: readonly string[];
}

interface Request {
  getType(): string;
  getName(): string;
  getDependenciesList(): string[];
  getDeletedwith(): string;
  getIgnorechangesList(): string[];
}

/** Notes the options of each resource from now on, by type and name; resources by name in them. */
export function recordOptions(): Map<string, Options> {
  const found = new Map<string, Options>();
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    registerResource(request: Request, callback: unknown): unknown;
  };
  const register = monitor.registerResource.bind(monitor);
  const nameOf = (urn: string) => urn.split("::").at(-1)!;
  monitor.registerResource = (request, callback) => {
    found.set(`${request.getType().split(":")[2]} ${request.getName()}`, {
      dependsOn: request.getDependenciesList().map(nameOf),
      deletedWith: nameOf(request.getDeletedwith()),
      ignoreChanges: request.getIgnorechangesList(),
    });
    return register(request, callback);
  };
  return found;
}
