import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import {
  type MetastoreTable,
  partitionDocument,
  SCHEMA_FILE,
  writeDocument,
} from "./file-metastore";

/**
 * Makes the documents of a table's partitions say which folders there are.
 *
 * @param folder the table's folder in the metastore
 * @param lakeRoot the folder that `local:///` stands for
 */
export function syncPartitions(folder: string, table: MetastoreTable, lakeRoot: string): void {
  const keys = table.partitionColumns.map(({ name }) => name);
  const root = join(lakeRoot, table.location.slice("local:///".length));
  const wanted = new Map<string, string>();
  for (const path of partitionFolders(root, keys.length)) {
    wanted.set(partitionName(path, keys), path);
  }
  for (const [name, path] of wanted) {
    const file = join(folder, name, SCHEMA_FILE);
    if (!existsSync(file)) writeDocument(file, partitionDocument(table, path));
  }
  const names = [...wanted.keys()];
  for (const name of [...partitionFolders(folder, 1), ...partitionFolders(folder, keys.length)]) {
    const isKept = names.some((each) => each === name || each.startsWith(`${name}/`));
    if (!isKept) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** Relative paths of the folders `depth` levels below, the hidden ones left out. */
function partitionFolders(folder: string, depth: number, prefix = ""): string[] {
  if (depth === 0) return prefix ? [prefix] : [];
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/^[._]/.test(entry.name))
    .flatMap(({ name }) =>
      partitionFolders(join(folder, name), depth - 1, prefix ? `${prefix}/${name}` : name),
    );
}

/** `month=2026-01`, also where the folder is called `2026-01`; escaped as Hive escapes names. */
function partitionName(path: string, keys: readonly string[]): string {
  return path
    .split("/")
    .map((part, index) => {
      const prefix = `${keys[index]}=`;
      const value = part.startsWith(prefix) ? part.slice(prefix.length) : part;
      return (
        prefix + escapeValue(value.replace(/%([0-9A-F]{2})/gi, (_, hex: string) => character(hex)))
      );
    })
    .join("/");
}

const character = (hex: string) => String.fromCharCode(Number.parseInt(hex, 16));

function escapeValue(value: string): string {
  return value.replace(/[\x00-\x1f"#%'*/:=?\\\x7f{}[\]^]/g, (found) => {
    const hex = found.charCodeAt(0).toString(16).toUpperCase();
    return `%${hex.padStart(2, "0")}`;
  });
}
