/** A statement of a policy document, each of its parts a list. */
export interface PolicyStatement {
  readonly sid: string;
  readonly isAllow: boolean;
  readonly actions: readonly string[];
  readonly hasNotAction: boolean;
  readonly resources: readonly string[];
  readonly hasNotResource: boolean;
  /** `*`, or identifiers of any kind: ARNs, services, federations. */
  readonly principals: readonly string[];
  readonly hasNotPrincipal: boolean;
  readonly conditions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

type Raw = Readonly<Record<string, unknown>>;

/**
 * Reads a policy document, as JSON text or as an object.
 * @throws SyntaxError where the text is no JSON.
 */
export function statementsOf(document: unknown): PolicyStatement[] {
  if (document === undefined || document === null || document === "") return [];
  const { Statement } = (typeof document === "string" ? JSON.parse(document) : document) as Raw;
  return list<Raw>(Statement).map(read);
}

function read(raw: Raw, index: number): PolicyStatement {
  return {
    sid: typeof raw.Sid === "string" ? raw.Sid : `statement ${index + 1}`,
    isAllow: raw.Effect === "Allow",
    actions: list<string>(raw.Action),
    hasNotAction: raw.NotAction !== undefined,
    resources: list<string>(raw.Resource),
    hasNotResource: raw.NotResource !== undefined,
    principals: principalsOf(raw.Principal),
    hasNotPrincipal: raw.NotPrincipal !== undefined,
    conditions: (raw.Condition ?? {}) as PolicyStatement["conditions"],
  };
}

function principalsOf(principal: unknown): string[] {
  if (principal === undefined || typeof principal === "string") return list<string>(principal);
  return Object.values(principal as Raw).flatMap((ids) => list<string>(ids));
}

/** AWS takes one value or a list of them everywhere. */
function list<T>(value: unknown): T[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]) as T[];
}
