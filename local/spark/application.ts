import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

import { UserError } from "../../model/errors";
import type { Lake } from "../../model/lake";
import { lakeHome } from "../paths";
import type { Progress } from "../toolchain";
import { launchSpark } from "./launch";
import { WriterLock } from "./writer-lock";

export interface StartOptions {
  readonly lake: Lake;
  /** `write` keeps every other writer of the lake out; `read` goes beside one. */
  readonly access: "read" | "write";
  readonly progress?: Progress;
}

/** Lines that begin so are answers (glue-scripts/lakewright/serve.py); the others are logs. */
const PREFIX = "@lake ";
/** Steps that write nothing, which go beside a writer of the lake. */
const READ_STEPS = [
  "compile",
  "describe",
  "diff",
  "history",
  "query",
  "standing",
  "status",
  "verify",
];
/** How long the application may take to end in order (ms). */
const STOP_WITHIN_MS = 20_000;

type Event = Readonly<Record<string, unknown>>;

interface Answer {
  readonly id?: number | null;
  readonly event?: string;
  readonly ok?: boolean;
  readonly result?: unknown;
  readonly error?: string;
  readonly kind?: "user" | "bug";
  /** With the event `ready`: the processes that write. */
  readonly pids?: readonly number[];
}

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress?: (event: Event) => void;
}

/** A lake's Spark application, which answers steps until it is stopped. */
export class SparkApplication {
  private readonly pending = new Map<number, Pending>();
  private requests = 0;
  private ended: Error | undefined;
  private readonly exited: Promise<unknown>;
  private isUp = false;
  private setUp: () => void = () => undefined;
  private readonly up = new Promise<void>((resolve) => (this.setUp = resolve));

  private constructor(
    private readonly child: ChildProcess,
    private readonly lock: WriterLock | undefined,
  ) {
    this.exited = once(child, "close");
    process.once("exit", this.kill);
    // A pipe that broke shows as the end of the process.
    child.stdin?.on("error", () => undefined);
    if (child.stdout)
      createInterface({ input: child.stdout }).on("line", (line) => this.onLine(line));
    child.once("exit", (code) => this.endRest(code === 0));
    child.once("close", (code, signal) => this.onEnd(String(code ?? signal)));
    child.once("error", (error) => this.onEnd(error.message));
  }

  /**
   * Starts the application, which takes requests after 5 to 15 seconds; steps wait for that.
   * @throws UserError when somebody else writes the lake
   */
  static async start({ lake, access, progress }: StartOptions): Promise<SparkApplication> {
    const { root } = lakeHome(lake.definition.name);
    const lock = access === "write" ? await WriterLock.acquire(root, command()) : undefined;
    try {
      return new SparkApplication(await launchSpark(lake, progress), lock);
    } catch (error) {
      lock?.release();
      throw error;
    }
  }

  /**
   * Waits until the application takes requests.
   * @throws UserError when it does not start
   */
  async ready(): Promise<void> {
    await Promise.race([this.up, this.exited]);
    if (this.ended) throw this.ended;
  }

  /**
   * Has the application run a step.
   * @param onProgress told of each table or model as it is done
   * @throws UserError for what the user must mend; Error where the application failed
   */
  step<T>(
    name: string,
    args: Readonly<Record<string, unknown>> = {},
    onProgress?: (event: Event) => void,
  ): Promise<T> {
    if (this.ended) return Promise.reject(this.ended);
    if (!this.lock && !READ_STEPS.includes(name)) {
      throw new Error(`step ${name} writes, but the application was started for reading`);
    }
    const id = ++this.requests;
    return new Promise<T>((resolve, reject) => {
      this.pending.set(id, { resolve: resolve as (result: unknown) => void, reject, onProgress });
      // Not before the lock names its processes: what is in the pipe is done even if this one dies.
      void this.up.then(() => {
        this.child.stdin?.write(`${JSON.stringify({ id, step: name, args })}\n`);
      });
    });
  }

  /** Ends the application; what it is doing is broken off, which does no harm. */
  async stop(): Promise<void> {
    if (this.isUp) this.child.stdin?.end();
    else this.kill();
    const timer = setTimeout(this.kill, STOP_WITHIN_MS);
    await this.exited;
    clearTimeout(timer);
  }

  /** Ends the application when the signal comes; the steps that it is doing fail. */
  stopOn(signal: AbortSignal): void {
    if (signal.aborted) void this.stop();
    else signal.addEventListener("abort", () => void this.stop(), { once: true });
  }

  /** Python has ended; Java does with it by itself, unless something went wrong. */
  private endRest(inOrder: boolean): void {
    const timer = setTimeout(this.kill, inOrder ? STOP_WITHIN_MS : 0);
    void this.exited.then(() => clearTimeout(timer));
  }

  /** Ends Python, Java and what that started, which share a process group. */
  private readonly kill = (): void => {
    if (this.ended || !this.child.pid) return;
    try {
      process.kill(-this.child.pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  };

  private onLine(line: string): void {
    if (!line.startsWith(PREFIX)) return;
    const answer = JSON.parse(line.slice(PREFIX.length)) as Answer;
    if (answer.event === "ready") {
      this.lock?.nameChildren(answer.pids ?? []);
      this.isUp = true;
      return this.setUp();
    }
    const pending = this.pending.get(answer.id ?? -1);
    if (!pending) return;
    if (answer.event === "progress") return pending.onProgress?.(answer as Event);
    this.pending.delete(answer.id as number);
    if (answer.ok) pending.resolve(answer.result);
    else pending.reject(failure(answer));
  }

  private onEnd(how: string): void {
    this.ended ??= new UserError(
      `the Spark application ended (${how}); \`./lake logs spark\` shows why, and running the command again goes on`,
    );
    process.off("exit", this.kill);
    this.lock?.release();
    for (const { reject } of this.pending.values()) reject(this.ended);
    this.pending.clear();
  }
}

function failure({ error = "the step failed", kind }: Answer): Error {
  return kind === "user"
    ? new UserError(error)
    : new Error(`${error}; \`./lake logs spark\` has the trace`);
}

function command(): string {
  return ["lake", ...process.argv.slice(2, 3)].join(" ");
}
