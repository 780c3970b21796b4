import { UserError } from "../model/errors";

const EXIT_AFTER_MS = 15_000;

const controller = new AbortController();
let watched = false;

/**
 * Aborted by the first Ctrl-C or SIGTERM. A command that asks for this signal promises to stop by
 * itself soon after; the others are ended at once.
 */
export function interruption(): AbortSignal {
  watched = true;
  return controller.signal;
}

/** Whether the user has ended the command, so that what fails afterwards is no failure. */
export function isInterrupted(): boolean {
  return controller.signal.aborted;
}

/** The end of an interrupted command that has more to say than that. */
export class Interrupted extends UserError {}

/** The only place where signals are handled. Exit codes are the shell's: 128 plus the signal. */
export function handleSignals(): void {
  const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
  for (const [signal, code] of Object.entries(codes)) {
    process.on(signal, () => {
      process.exitCode = code;
      if (!watched || controller.signal.aborted) process.exit(code);
      controller.abort();
      setTimeout(() => process.exit(code), EXIT_AFTER_MS).unref();
    });
  }
}
