/** Amazon States Language with JSONata, as far as the lakes' state machines use it. */

/** A state, without where it leads. */
export type State = Readonly<Record<string, unknown>>;
export type States = Readonly<Record<string, State>>;

export interface StateMachine {
  readonly Comment: string;
  readonly QueryLanguage: "JSONata";
  readonly StartAt: string;
  readonly States: States;
}

/** A JSONata expression as a value. */
export function jsonata(expression: string): string {
  return `{% ${expression} %}`;
}

/** A value as a literal of JSONata. */
export function literal(value: unknown): string {
  return JSON.stringify(value);
}

/** Names of the states that end an execution. */
export const NOTIFY = "Notify";
export const FAILED = "Failed";

/** Where a state leads when its retries are over. */
export const ON_FAILURE = {
  Catch: [
    {
      ErrorEquals: ["States.ALL"],
      Assign: { failure: jsonata("$states.errorOutput") },
      Next: NOTIFY,
    },
  ],
} as const;

/** Errors that pass by themselves: throttling, and faults on the side of the service called. */
export const RETRY_CALL = {
  ErrorEquals: ["States.TaskFailed"],
  IntervalSeconds: 5,
  MaxAttempts: 4,
  BackoffRate: 3,
  JitterStrategy: "FULL",
} as const;

/** A call of an AWS service that is short, and safe to repeat. */
export function call(resource: string, args: object, more: State): State {
  return {
    Type: "Task",
    Resource: `arn:aws:states:::${resource}`,
    Arguments: args,
    Retry: [RETRY_CALL],
    ...ON_FAILURE,
    ...more,
  };
}

/** The end of every execution that fails: tells who subscribed, then fails with the same error. */
export function failureStates(lake: string, topic: string): States {
  return {
    [NOTIFY]: {
      Type: "Task",
      Resource: "arn:aws:states:::sns:publish",
      Arguments: {
        TopicArn: topic,
        Subject: `Lake ${lake}: a run failed`,
        Message: jsonata(
          "$states.context.Execution.Id & ' failed: ' & $failure.Error & ': ' & $failure.Cause",
        ),
      },
      Retry: [RETRY_CALL],
      Next: FAILED,
    },
    [FAILED]: {
      Type: "Fail",
      Error: jsonata("$failure.Error"),
      Cause: jsonata("$failure.Cause"),
    },
  };
}
