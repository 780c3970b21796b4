import { jsonata, literal, NOTIFY, ON_FAILURE, type State, type States } from "./asl";

/** Which failed runs of the job are worth repeating, and the states that repeat them. */

/**
 * Stands in the message of a run that would fail in the same way again: for the quality gate, a
 * table's mistake, a wrong argument. As glue-scripts/lakewright/errors.py has it.
 */
export const LASTING = "Another run would fail in the same way";

/** How often a run has been repeated since the last one that succeeded. */
const REPEATED = "repeated";
/** Seconds from a failed run to its repetition. */
const PAUSE_SECONDS = 60;

/** To assign before the first run of the job. */
export const NONE_REPEATED = { [REPEATED]: 0 } as const;

/** What a state of the job assigns and catches. */
export interface FailureHandling {
  /** Errors of the call itself, which have been tried again for as long as they may. */
  readonly triedBefore: readonly string[];
  /** Runs that are added after one that failed. */
  readonly retries: number;
}

/**
 * Where a run of the job leads when it fails. Retry cannot tell failures apart, for all of them are
 * States.TaskFailed; the cause can. It is the run as Glue describes it, in JSON, with `ErrorMessage`.
 * Source: AWS Step Functions developer guide, "Run a job (.sync)" and "Error names".
 */
export function catchFailure(state: string, { triedBefore, retries }: FailureHandling): object {
  if (retries === 0) return ON_FAILURE;
  const [everything] = ON_FAILURE.Catch;
  return {
    Catch: [
      { ...everything, ErrorEquals: triedBefore },
      {
        ErrorEquals: ["States.TaskFailed"],
        Assign: everything.Assign,
        // The run that is repeated reads the same input.
        Output: jsonata("$states.input"),
        Next: worthIt(state),
      },
      everything,
    ],
    Assign: NONE_REPEATED,
  };
}

/** The states that `catchFailure` leads to; they lead back to `state`, or to the end. */
export function repetition(state: string, { retries }: Pick<FailureHandling, "retries">): States {
  if (retries === 0) return {};
  const choice: State = {
    Type: "Choice",
    Choices: [
      {
        Condition: jsonata(
          `$${REPEATED} >= ${retries} or $contains($failure.Cause, ${literal(LASTING)})`,
        ),
        Next: NOTIFY,
      },
    ],
    Default: pause(state),
  };
  const wait: State = {
    Type: "Wait",
    Seconds: PAUSE_SECONDS,
    Assign: { [REPEATED]: jsonata(`$${REPEATED} + 1`) },
    Next: state,
  };
  return { [worthIt(state)]: choice, [pause(state)]: wait };
}

function worthIt(state: string): string {
  return `${state}: again?`;
}

function pause(state: string): string {
  return `${state}: pause`;
}
