import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Version } from "./copy-verified";

/** One file that was transferred. */
export interface Transfer extends Version {
  readonly table: string;
  /** Its path below the drops, which is that below the lake's files too. */
  readonly file: string;
  readonly sha256: string;
  /** When it was transferred, ISO 8601. */
  readonly at: string;
}

/** The manifest of transferred files, a line of JSON for each: `_transfers.jsonl` beside them. */
export class TransferLog {
  private readonly path: string;
  private readonly known = new Map<string, Version>();
  /** Whether a crash cut the last line off. */
  private isTorn: boolean;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.path = join(folder, "_transfers.jsonl");
    const text = contentOf(this.path);
    this.isTorn = text !== "" && !text.endsWith("\n");
    for (const { file, bytes, modified } of transfersIn(text)) {
      this.known.set(file, { bytes, modified });
    }
  }

  /** Whether this version of the file was transferred. */
  has(file: string, { bytes, modified }: Version): boolean {
    const known = this.known.get(file);
    return known?.bytes === bytes && known.modified === modified;
  }

  /** Whether a file of that name was transferred. */
  hasAny(file: string): boolean {
    return this.known.has(file);
  }

  append(transfer: Transfer): void {
    // After a line that was cut off, the next begins anew.
    appendFileSync(this.path, `${this.isTorn ? "\n" : ""}${JSON.stringify(transfer)}\n`);
    this.isTorn = false;
    this.known.set(transfer.file, transfer);
  }
}

/** What was transferred, oldest first. A line that a crash cut off counts for nothing. */
export function readTransfers(path: string): Transfer[] {
  return transfersIn(contentOf(path));
}

function contentOf(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

function transfersIn(text: string): Transfer[] {
  return text.split("\n").flatMap((line) => {
    try {
      return line ? [JSON.parse(line) as Transfer] : [];
    } catch {
      return [];
    }
  });
}
