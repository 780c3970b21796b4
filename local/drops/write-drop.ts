import { createWriteStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";

import { type DroppedFile, flawedFiles, type FlawName } from "../../lakes/sample-file-flaws";
import type { SampleDrop } from "../../lakes/sample-files";

export interface DropOptions {
  /** @default the drop's own */
  readonly rows?: number;
  readonly seed: number;
  /** When the first file is made; one that is there already moves the time on. */
  readonly at: Date;
  /** @default those of the drop's turn */
  readonly flaws?: readonly FlawName[];
}

/** A file that was dropped. */
export interface Written {
  readonly path: string;
  readonly bytes: number;
  /** Lines, the header among them. */
  readonly lines: number;
  readonly flaws: readonly FlawName[];
}

const SECOND_MS = 1_000;
/** Bytes, about, that are written at once. */
const CHUNK = 1024 * 1024;
const SLICES_PER_SECOND = 5;

/**
 * The drop's next files in this folder: one, and those that its flaws put beside it.
 * @throws RangeError for rows that a file of the drop cannot have
 */
export function nextFiles(
  drop: SampleDrop,
  folder: string,
  { rows = drop.rows, seed, at, flaws }: DropOptions,
): readonly DroppedFile[] {
  const sequence = filesBefore(drop, folder);
  let time = at;
  while (existsSync(join(folder, drop.fileName(time, sequence)))) {
    time = new Date(time.getTime() + SECOND_MS);
  }
  const request = { rows, seed, at: time, sequence };
  drop.content(request);
  return flawedFiles(
    drop.fileName(time, sequence),
    () => drop.content(request),
    flaws ?? drop.flaws(sequence),
    `${seed}/${drop.name} ${sequence}`,
  );
}

/** How many files of the drop the folder has. */
export function filesBefore({ names }: SampleDrop, folder: string): number {
  return existsSync(folder) ? readdirSync(folder).filter((name) => names.test(name)).length : 0;
}

/** Writes a file that appears whole: until then it has a name that begins with a dot. */
export async function writeWholeDrop(
  folder: string,
  file: DroppedFile,
  signal: AbortSignal,
): Promise<Written> {
  mkdirSync(folder, { recursive: true });
  const draft = join(folder, `.${file.name}.part`);
  const counts = { bytes: 0, lines: 0 };
  try {
    const source = Readable.from(chunks(file, counts), { objectMode: true });
    await pipeline(source, createWriteStream(draft), { signal });
    renameSync(draft, join(folder, file.name));
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  return { path: join(folder, file.name), flaws: file.flaws, ...counts };
}

/**
 * Writes a file as a careless program does: under its name from the first byte, and for so many
 * seconds. A signal leaves it half-written.
 */
export async function writeGrowingDrop(
  folder: string,
  file: DroppedFile,
  seconds: number,
  signal: AbortSignal,
): Promise<Written> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, file.name);
  const counts = { bytes: 0, lines: 0 };
  const bytes = Buffer.concat([...chunks(file, counts)]);
  const slices = Math.max(1, seconds * SLICES_PER_SECOND);
  await writeFile(path, "");
  for (let slice = 0; slice < slices; slice++) {
    const from = Math.floor((slice * bytes.length) / slices);
    await appendFile(path, bytes.subarray(from, Math.floor(((slice + 1) * bytes.length) / slices)));
    await sleep(SECOND_MS / SLICES_PER_SECOND, undefined, { signal });
  }
  return { path, flaws: file.flaws, ...counts };
}

function* chunks(file: DroppedFile, counts: { bytes: number; lines: number }): Iterable<Buffer> {
  let text = "";
  const flush = () => {
    const bytes = Buffer.from(text);
    counts.bytes += bytes.length;
    text = "";
    return bytes;
  };
  for (const line of file.text()) {
    text += line;
    counts.lines++;
    if (text.length >= CHUNK) yield flush();
  }
  if (text !== "") yield flush();
}
