import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { z } from "zod";

import { environmentOutputs, type EnvironmentValues, type LakeValues } from "../model/aws/outputs";
import { UserError } from "../model/errors";

/** Where an environment's outputs are read from. */
export interface OutputsSource {
  /** The Pulumi stack, asked by the Pulumi CLI. */
  readonly stack?: string | undefined;
  /** A file with what `pulumi stack output --json` printed; instead of asking. */
  readonly outputs?: string | undefined;
}

/** Bytes that the CLI may print: some 1,000 for each table and tenant. */
const LARGEST_OUTPUT = 64 * 1024 ** 2;
const CHECKOUT = join(__dirname, "..");

/**
 * The outputs of an environment's stack.
 * @throws UserError where they cannot be had, or are not what the contract says
 */
export async function readStackOutputs(
  source: OutputsSource,
  program = "pulumi",
): Promise<EnvironmentValues> {
  const { stack, outputs } = source;
  if (outputs !== undefined && stack !== undefined) {
    throw new UserError("--stack and --outputs both say which environment; give one of them");
  }
  if (outputs !== undefined) return parse(await fileText(outputs), outputs);
  if (stack !== undefined) return parse(await askPulumi(stack, program), `stack ${stack}`);
  throw new UserError(
    "which environment? Give --stack <name>, or --outputs <file> with what `pulumi stack output --json` printed",
  );
}

/**
 * The outputs of one lake.
 * @throws UserError naming the lakes there are
 */
export function lakeOf({ lakes, environment }: EnvironmentValues, name: string): LakeValues {
  const found = lakes[name];
  if (found) return found;
  throw new UserError(
    `environment ${environment} has no lake "${name}"; expected one of ${Object.keys(lakes).join(", ")}`,
  );
}

/** Where a lake is deployed, as its ARNs say. */
export function placeOf({ stateMachines }: LakeValues): { region: string; account: string } {
  const [, , , region = "", account = ""] = stateMachines.pipeline.split(":");
  return { region, account };
}

async function fileText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new UserError(`--outputs ${file} cannot be read: ${(error as Error).message}`);
  }
}

async function askPulumi(stack: string, program: string): Promise<string> {
  const args = ["stack", "output", "--json", "--stack", stack, "--non-interactive"];
  try {
    const { stdout } = await promisify(execFile)(program, args, {
      cwd: CHECKOUT,
      maxBuffer: LARGEST_OUTPUT,
    });
    return stdout;
  } catch (error) {
    const { code, stderr = "" } = error as NodeJS.ErrnoException & { stderr?: string };
    if (code === "ENOENT") {
      throw new UserError(
        "the Pulumi CLI was not found; install it from https://www.pulumi.com/docs/install/, or give --outputs <file> with what `pulumi stack output --json` printed elsewhere",
      );
    }
    const said = stderr.trim() || (error as Error).message;
    throw new UserError(`pulumi ${args.join(" ")}: ${said.replace(/^error: /, "")}`);
  }
}

function parse(text: string, from: string): EnvironmentValues {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new UserError(`${from}: expected the JSON of \`pulumi stack output --json\``);
  }
  const parsed = environmentOutputs.safeParse(json);
  if (!parsed.success) {
    throw new UserError(
      `${from}: the outputs are not those of an environment that this checkout deployed; run pulumi up, or use the checkout that it was deployed from\n${z.prettifyError(parsed.error)}`,
    );
  }
  return parsed.data;
}
