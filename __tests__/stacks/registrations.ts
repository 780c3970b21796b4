import { basename, join } from "node:path";

import * as pulumi from "@pulumi/pulumi";

import { withStandInJars } from "../../cli/stand-in-jars";
import { qualityJarNames } from "../../local/toolchain";
import { evaluateStack } from "../../stacks/evaluate";
import { isComponent, type Registered } from "../../stacks/record-resources";

/** Stacks whose registrations are kept and reviewed. */
export const KEPT_STACKS = ["dev", "prod"] as const;

/** Where those of a stack are. */
export function keptFile(stack: string): string {
  return join(__dirname, "registered", `${stack}.txt`);
}

/**
 * All that a stack registers, as text that can be compared: by type and name, inputs as JSON with
 * sorted keys, JSON and SQL inside of strings written out. What changes with every release of the
 * scripts, and the manifest, is left out.
 */
export async function registrations(stack: string): Promise<string> {
  const { registered } = await withStandInJars(qualityJarNames(), (jars) =>
    evaluateStack(stack, jars),
  );
  const texts = await Promise.all(registered.filter((each) => !isComponent(each)).map(describe));
  return `${texts.sort().join("\n\n")}\n`;
}

async function describe({ type, name, inputs }: Registered): Promise<string> {
  const entries = Object.entries(inputs).map(
    async ([key, value]) => [key, await withoutPath(value)] as const,
  );
  const json = comparable(Object.fromEntries(await Promise.all(entries)));
  return `${type} ${name}\n${pretty(json, "")}`;
}

/** An asset by the names of its files; any other value as it is. */
async function withoutPath(value: unknown): Promise<unknown> {
  if (value instanceof pulumi.asset.FileAsset) return `<file ${basename(await value.path)}>`;
  if (!(value instanceof pulumi.asset.AssetArchive)) return value;
  return { "<archive>": Object.keys(await value.assets).sort() };
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A value without what differs from release to release and from computer to computer. */
function comparable(value: unknown, key = ""): Json {
  if (typeof value === "string") return comparableText(value, key);
  if (Array.isArray(value)) return value.map((each) => comparable(each));
  if (typeof value !== "object" || value === null) return (value ?? null) as Json;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, comparable((value as Record<string, unknown>)[name], name)]),
  );
}

function comparableText(text: string, key: string): Json {
  if (key === "content") return "<manifest>";
  if (/^[[{]/.test(text)) {
    const parsed = parsedJson(text);
    if (parsed !== undefined) return { "<JSON>": comparable(parsed) };
  }
  const plain = text.replace(/\b(releases|jars)\/[0-9a-f]{16}\//g, "$1/<hash>/");
  return plain.includes("\n") ? { "<lines>": plain.split("\n") } : plain;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** JSON with what fits on one line of 100 characters on one. */
function pretty(value: Json, indent: string, before = 0): string {
  const flat = oneLine(value);
  if (typeof value !== "object" || value === null) return flat;
  if (indent.length + before + flat.length <= 99) return flat;
  const inner = `${indent}  `;
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const items = Array.isArray(value)
    ? value.map((each: Json) => pretty(each, inner))
    : Object.entries(value).map(([name, each]) => {
        const label = `${JSON.stringify(name)}: `;
        return `${label}${pretty(each as Json, inner, label.length)}`;
      });
  return `${open}\n${items.map((item) => `${inner}${item}`).join(",\n")}\n${indent}${close}`;
}

function oneLine(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(
    ([name, each]) => `${JSON.stringify(name)}: ${oneLine(each as Json)}`,
  );
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}
