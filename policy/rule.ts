/** A resource as a rule sees it: the same from the engine and from mocks. */
export interface PolicyResource {
  /** Type token: `aws:s3/bucket:Bucket`. */
  readonly type: string;
  readonly name: string;
  // Inputs are plain JSON of any shape.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly inputs: any;
  /** Whether Pulumi refuses to delete it; undefined where that cannot be seen. */
  readonly protect?: boolean;
}

/** What a rule may know beside the resource. */
export interface RuleContext {
  /** The stack's name: `dev`, `qa`, `prod`. */
  readonly stack: string;
  /** Tags that the provider adds to every resource. */
  readonly defaultTags?: Readonly<Record<string, string>>;
  /** Names of the rules whose setting allows what they forbid. */
  readonly allowed?: readonly string[];
}

/** What no stack may do, one resource looked at alone. */
export interface Rule {
  readonly name: string;
  readonly description: string;
  /** Types that it is about. */
  readonly types: readonly string[];
  /** Whether the rule has the setting `allowed`, by which a stack may do it all the same. */
  readonly isAllowable?: boolean;
  /** What is wrong with the resource, a sentence each. */
  readonly check: (resource: PolicyResource, context: RuleContext) => string[];
}

/** The sentence, where a condition does not hold. */
export function unless(holds: boolean, problem: string): string[] {
  return holds ? [] : [problem];
}

/** Whether an input is given, its value known already or not: a preview does not know them all. */
export function isGiven(inputs: object, name: string): boolean {
  return name in inputs;
}

/** What the rules say of a resource. */
export function violations(
  rules: readonly Rule[],
  resource: PolicyResource,
  context: RuleContext,
): string[] {
  return rules
    .filter(({ types }) => types.includes(resource.type))
    .filter(({ name, isAllowable }) => !(isAllowable && context.allowed?.includes(name)))
    .flatMap(({ name, check }) => check(resource, context).map((problem) => `${name}: ${problem}`));
}
