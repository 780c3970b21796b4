import jsonata from "jsonata";

import type { State, StateMachine } from "../../../model/aws/asl";

/** What a called service answers: a value, or an error that Step Functions would see. */
export type Answer = unknown | AnsweredError;

export class AnsweredError {
  constructor(
    readonly Error: string,
    readonly Cause = "",
  ) {}
}

export interface Call {
  /** Name of the state that calls. */
  readonly state: string;
  /** Its evaluated arguments. */
  readonly arguments: unknown;
}

/** How an execution went. */
export interface Execution {
  /** Names of the states, in their order; those inside of maps are not among them. */
  readonly path: readonly string[];
  readonly calls: readonly Call[];
  readonly variables: Readonly<Record<string, unknown>>;
  readonly output: unknown;
}

type Values = Readonly<Record<string, unknown>>;
type Machine = Pick<StateMachine, "StartAt" | "States">;

/** More states than an execution of the tests needs. */
const MOST_STATES = 200;

/**
 * Walks through a state machine as Step Functions would, with JSONata evaluated and services played
 * by `answer`. Waits take no time and nothing is tried again.
 */
export class Walk {
  private readonly path: string[] = [];
  private readonly calls: Call[] = [];

  constructor(
    private readonly context: unknown,
    private readonly answer: (call: Call) => Answer,
  ) {}

  async run(machine: Machine, input: unknown = {}, variables: Values = {}): Promise<Execution> {
    const output = await this.walk(machine, input, { ...variables }, this.path);
    return { path: this.path, calls: this.calls, ...output };
  }

  private async walk(
    { StartAt, States }: Machine,
    input: unknown,
    variables: Values,
    path: string[],
  ): Promise<{ output: unknown; variables: Values }> {
    let [name, value, known]: [string | undefined, unknown, Values] = [StartAt, input, variables];
    while (name !== undefined) {
      if (path.push(name) > MOST_STATES) throw new Error(`it goes round: ${path.join(", ")}`);
      const done = await this.step(name, States[name]!, value, known);
      [name, value, known] = [done.next, done.output, done.variables];
    }
    return { output: value, variables: known };
  }

  private async step(name: string, state: State, input: unknown, variables: Values) {
    const result = await this.work(name, state, input, variables);
    if (result instanceof AnsweredError) return this.caught(name, state, input, variables, result);
    const states = { input, result, context: this.context };
    const chosen = await this.choose(state, states, variables);
    const given = chosen ?? state;
    return {
      next: (chosen?.Next ?? state.Next ?? state.Default) as string | undefined,
      output: "Output" in given ? await evaluated(given.Output, states, variables) : result,
      variables: {
        ...variables,
        ...((await evaluated(given.Assign ?? {}, states, variables)) as Values),
      },
    };
  }

  /** The result of a state: of a task its answer, of others their input. */
  private async work(name: string, state: State, input: unknown, variables: Values) {
    const states = { input, context: this.context };
    if (state.Type === "Task") {
      const call = {
        state: name,
        arguments: await evaluated(state.Arguments, states, variables),
      };
      this.calls.push(call);
      return this.answer(call);
    }
    if (state.Type === "Map") {
      const items = (await evaluated(state.Items, states, variables)) as unknown[];
      const outputs: unknown[] = [];
      for (const item of items) {
        const walked = await this.walk(state.ItemProcessor as Machine, item, variables, []);
        outputs.push(walked.output);
      }
      return outputs;
    }
    return input;
  }

  private async choose(state: State, states: object, variables: Values) {
    for (const choice of (state.Choices ?? []) as State[]) {
      if ((await evaluated(choice.Condition, states, variables)) === true) return choice;
    }
    return undefined;
  }

  private async caught(
    name: string,
    state: State,
    input: unknown,
    variables: Values,
    error: AnsweredError,
  ) {
    const catchers = (state.Catch ?? []) as (State & { ErrorEquals: string[] })[];
    const catcher = catchers.find(({ ErrorEquals }) =>
      ErrorEquals.some((each) => matches(each, error.Error)),
    );
    if (!catcher) throw new Error(`${name}: nobody catches ${error.Error}`);
    const states = { input, context: this.context, errorOutput: { ...error } };
    const assigned = (await evaluated(catcher.Assign ?? {}, states, variables)) as Values;
    return {
      next: catcher.Next as string,
      output: await evaluated(catcher.Output ?? states.errorOutput, states, variables),
      variables: { ...variables, ...assigned },
    };
  }
}

/** Whether a catcher's name stands for an error; States.TaskFailed does for all but timeouts. */
function matches(name: string, error: string): boolean {
  if (name === "States.TaskFailed") return error !== "States.Timeout";
  return name === "States.ALL" || name === error;
}

/**
 * A value with the JSONata in it evaluated.
 * @throws Error where an expression gives nothing: Step Functions fails then
 */
export async function evaluated(
  value: unknown,
  states: object,
  variables: Values,
): Promise<unknown> {
  if (Array.isArray(value)) {
    return Promise.all(value.map((each) => evaluated(each, states, variables)));
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(
      async ([key, each]) => [key, await evaluated(each, states, variables)] as const,
    );
    return Object.fromEntries(await Promise.all(entries));
  }
  const expression = typeof value === "string" ? /^{%(.*)%}$/s.exec(value)?.[1] : undefined;
  if (expression === undefined) return value;
  const result: unknown = await jsonata(expression).evaluate({}, { states, ...variables });
  if (result === undefined) throw new Error(`${expression} gives nothing`);
  // Sequences have properties of JSONata's own.
  return JSON.parse(JSON.stringify(result)) as unknown;
}
