import * as pulumi from "@pulumi/pulumi";

import { createAccount } from "./account";
import { createEnvironment } from "./environment";
import type { EnvironmentSettings } from "./environment-settings";
import { type Recording, settled, startRecording } from "./record-resources";
import { readSettings, type Settings } from "./settings";
import { stackConfiguration } from "./stack-file";

/** What a stack's program makes of its settings. */
export interface Evaluated extends Recording {
  readonly settings: Settings;
  /** The values of the stack's outputs. */
  readonly outputs: unknown;
}

/** Frames of stack traces while a program runs: Pulumi takes a trace for every output. */
const FRAMES = 2;

/**
 * Runs the program of a stack with the settings of `Pulumi.<stack>.yaml` and records what it would
 * create. One at a time: Pulumi's runtime has one program.
 * @param jars paths of the jars of deequ and DQDL, or of files by their names
 * @param change is given the settings before they are used
 * @throws UserError for settings that are wrong
 */
export async function evaluateStack(
  stack: string,
  jars: readonly string[],
  change: (settings: EnvironmentSettings) => EnvironmentSettings = (settings) => settings,
): Promise<Evaluated> {
  const frames = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES;
  try {
    return await run(stack, jars, change);
  } finally {
    Error.stackTraceLimit = frames;
  }
}

async function run(
  stack: string,
  jars: readonly string[],
  change: (settings: EnvironmentSettings) => EnvironmentSettings,
): Promise<Evaluated> {
  const recording = startRecording(stackConfiguration(stack));
  const settings = changed(readSettings(new pulumi.Config("lakewright")), change);
  const outputs =
    settings.kind === "account"
      ? createAccount(settings.account)
      : createEnvironment(settings.environment, jars);
  const values = new Promise((resolve) => pulumi.output(outputs).apply(resolve));
  await settled();
  return { ...recording, settings, outputs: await values };
}

function changed(
  settings: Settings,
  change: (settings: EnvironmentSettings) => EnvironmentSettings,
): Settings {
  if (settings.kind === "account") return settings;
  return { ...settings, environment: change(settings.environment) };
}

/** With so many tenants in every lake: those of the settings first, made-up ids after them. */
export function withTenants(count: number): (settings: EnvironmentSettings) => EnvironmentSettings {
  return (settings) => ({
    ...settings,
    lakes: Object.fromEntries(
      Object.entries(settings.lakes).map(([name, lake]) => {
        const known = Object.entries(lake.tenants).slice(0, count);
        const taken = new Set(known.map(([id]) => id));
        const free = Array.from({ length: 2 * count }, (_, index) => String(index + 1))
          .filter((id) => !taken.has(id))
          .slice(0, count - known.length);
        const tenants = Object.fromEntries([...known, ...free.map((id) => [id, {}] as const)]);
        return [name, { ...lake, tenants }];
      }),
    ),
  });
}
