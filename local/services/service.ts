import type { Progress } from "../toolchain/progress";

/** How to start a server. */
export interface Launch {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
}

export type ServiceName = "postgres" | "trino";

/** A server that its guardian starts on a free port of the loopback interface and stops again. */
export interface Service {
  readonly name: ServiceName;
  /** Its name in messages. */
  readonly title: string;
  /** Milliseconds from its start until it must answer. */
  readonly startTimeout: number;
  /** Signals that end it, from the gentlest; each gets `seconds` before the next. */
  readonly stop: readonly { readonly signal: NodeJS.Signals; readonly seconds: number }[];
  /** Text in its server's command line, and in no other process's, by which an orphan is found. */
  marker(): string;
  /** Installs what it needs; runs in the command that wants it, where its user can see. */
  prepare(progress?: Progress): Promise<void>;
  /** Writes its configuration and data folder where absent and says how to start it. */
  launch(port: number, report: (message: string) => void): Promise<Launch>;
  /** Whether it answers on `port`. */
  answers(port: number): Promise<boolean>;
}
