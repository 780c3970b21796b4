import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, rename, rm, stat, utimes } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";

/** What tells one content of a file from the next without reading it. */
export interface Version {
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/** A file that the system does not let us read; the message is the system's. */
export class UnreadableFile extends Error {}

/** Says of an error that the file could not be read. */
export function unreadable(error: Error): never {
  throw new UnreadableFile(error.message);
}

/** The file's version; undefined where it is gone. */
export async function versionOf(path: string): Promise<Version | undefined> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  return found && { bytes: found.size, modified: Math.floor(found.mtimeMs) };
}

/**
 * Copies a file, with the time at which it was last changed. The copy appears whole, after what was
 * written to the disk has been read again and found to have the checksum of what was read.
 * @returns undefined, and no copy, where the file was not this version all the while
 * @throws UnreadableFile when the file cannot be read
 * @throws Error when the copy does not have the file's content
 */
export async function copyVerified(
  from: string,
  to: string,
  version: Version,
): Promise<{ readonly sha256: string } | undefined> {
  if (!isSame(await versionOf(from).catch(unreadable), version)) return undefined;
  await mkdir(dirname(to), { recursive: true });
  const draft = join(dirname(to), `.${basename(to)}.${randomUUID()}`);
  try {
    const sha256 = await copy(from, draft);
    if (!isSame(await versionOf(from).catch(unreadable), version)) return undefined;
    if ((await checksum(draft)) !== sha256) {
      throw new Error(`${draft} differs from ${from} although it was just copied; check the disk`);
    }
    const changed = new Date(version.modified);
    await utimes(draft, changed, changed);
    await rename(draft, to);
    return { sha256 };
  } finally {
    await rm(draft, { force: true });
  }
}

function isSame(one: Version | undefined, other: Version): boolean {
  return one?.bytes === other.bytes && one.modified === other.modified;
}

/** Copies the bytes to a new file, to the disk; gives their checksum. */
async function copy(from: string, to: string): Promise<string> {
  const hash = createHash("sha256");
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(createReadStream(from), through, createWriteStream(to, { flags: "wx" })).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.path === from || error.syscall === "read") unreadable(error);
      throw error;
    },
  );
  const file = await open(to);
  await file.sync();
  await file.close();
  return hash.digest("hex");
}

/** SHA-256 of the file's content, in hexadecimal digits. */
export async function checksum(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
