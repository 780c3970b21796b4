import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, openSync, renameSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import getPort from "get-port";

import { paths } from "../paths";
import { processIdentity, thisProcess } from "../process/identity";
import { withLock } from "../process/lock";
import { endProcess } from "./orphans";
import { findService } from "./registry";
import type { Service } from "./service";
import {
  lastPort,
  liveHolders,
  rememberPort,
  removeState,
  serviceLock,
  serviceLog,
  type ServiceState,
  writeState,
} from "./state";

/** Milliseconds between two looks at who still needs the server. */
const POLL = 300;
const START_ATTEMPTS = 3;
const LOG_LIMIT_BYTES = 20e6;

/**
 * The process that owns one server: starts it, says where it is, and stops it when nobody needs
 * it any more, however its users ended. It is detached, so that a terminal's Ctrl-C spares it.
 */
class Guardian {
  private state: ServiceState;
  private server: ChildProcess | undefined;
  private stopping = false;

  constructor(private readonly service: Service) {
    this.state = {
      service: service.name,
      home: paths().state,
      state: "starting",
      message: "starting",
      guardian: thisProcess(),
      startedAt: new Date().toISOString(),
    };
  }

  async run(): Promise<void> {
    this.say({});
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
      process.on(signal, () => void this.stop({ despiteHolders: true }));
    void this.watchHolders();
    try {
      await this.start();
    } catch (error) {
      await this.endServer();
      const message = error instanceof Error ? error.message : String(error);
      this.say({ state: "failed", message });
      process.exit(1);
    }
    this.say({ state: "ready", message: "ready" });
    this.server?.once("exit", (code, signal) => {
      if (this.stopping) return;
      this.say({ state: "failed", message: `ended by itself with ${code ?? signal}` });
      process.exit(1);
    });
  }

  private say(change: Partial<ServiceState>): void {
    this.state = { ...this.state, ...change };
    writeState(this.state);
  }

  private async start(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const port = await freePort(this.service.name);
      const launch = await this.service.launch(port, (message) => this.say({ message }));
      const log = openLog(this.service.name);
      const { program, args, ...options } = launch;
      this.server = spawn(program, args, { ...options, stdio: ["ignore", log, log] });
      this.say({ pid: this.server.pid, port, message: "waiting until it answers" });
      if (await this.untilItAnswers(this.server, port)) break;
      // Another program may have taken the port, or a killed server's last process lingers.
      if (attempt === START_ATTEMPTS) throw new Error("it ended while starting");
      await sleep(1_000);
    }
    rememberPort(this.service.name, this.state.port as number);
  }

  /** @returns false when the server ended instead */
  private async untilItAnswers(server: ChildProcess, port: number): Promise<boolean> {
    const { startTimeout, answers } = this.service;
    let ended = false;
    server.once("exit", () => (ended = true));
    server.once("error", () => (ended = true));
    for (const started = Date.now(); Date.now() - started < startTimeout; await sleep(100)) {
      if (ended) return false;
      if (await answers(port)) return true;
    }
    throw new Error(`it did not answer within ${startTimeout / 1000} s`);
  }

  private async watchHolders(): Promise<void> {
    for (;;) {
      await sleep(POLL);
      if (liveHolders(this.service.name).length === 0) await this.stop();
    }
  }

  /** Stops the server and ends this process, unless somebody came to need it at the last moment. */
  private async stop({ despiteHolders = false } = {}): Promise<void> {
    if (this.stopping) return;
    const { name } = this.service;
    await withLock(serviceLock(name), async () => {
      if (this.stopping || (liveHolders(name).length > 0 && !despiteHolders)) return;
      this.stopping = true;
      this.say({ state: "stopping", message: "stopping" });
    });
    if (!this.stopping) return;
    await this.endServer();
    removeState(name);
    process.exit(0);
  }

  private async endServer(): Promise<void> {
    const pid = this.server?.pid;
    const identity = pid && processIdentity(pid);
    if (pid && identity) await endProcess(pid, identity, this.service.stop);
  }
}

/** The port of last time, for people who typed it into a tool, else any that is free. */
async function freePort(service: string): Promise<number> {
  const port = lastPort(service);
  return getPort({ host: "127.0.0.1", ...(port ? { port } : {}) });
}

/** The service's log, opened for appending; the previous one is kept when it has grown large. */
function openLog(service: string): number {
  const file = serviceLog(service);
  mkdirSync(paths().logs, { recursive: true });
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_LIMIT_BYTES) renameSync(file, `${file}.1`);
  return openSync(file, "a", 0o600);
}

void new Guardian(findService(process.argv[2] ?? "")).run();
