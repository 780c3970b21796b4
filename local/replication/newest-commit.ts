import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { DuckDBInstance } from "@duckdb/node-api";

import { BRONZE_SUFFIX } from "../../model/bronze-format";
import { quoteLiteral } from "../source/identifiers";
import { newestChangeFile } from "./bronze";

/**
 * When the newest change in each of these bronze folders of a table was committed at the source,
 * by the newest change file, or without any by the full load; absent for a folder without files.
 * Reads one file a folder, however many there are.
 */
export async function newestCommits(folders: readonly string[]): Promise<Map<string, Date>> {
  const files = folders.flatMap((folder) => {
    const file = newestChangeFile(folder) ?? firstLoadFile(folder);
    return file ? [{ folder, file }] : [];
  });
  if (files.length === 0) return new Map();
  const sql = files
    .map(({ file }, index) => `SELECT ${index}, max(dms_timestamp) FROM ${rowsOf(file)}`)
    .join(" UNION ALL ");
  const instance = await DuckDBInstance.create(":memory:");
  try {
    const connection = await instance.connect();
    const rows = (await connection.runAndReadAll(sql)).getRowsJson() as [number, string | null][];
    return new Map(
      rows.flatMap(([index, text]) => {
        const folder = files[index]?.folder;
        return folder && text ? [[folder, committedAt(text)] as const] : [];
      }),
    );
  } finally {
    instance.closeSync();
  }
}

function firstLoadFile(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  const name = readdirSync(folder).find((each) =>
    /^LOAD[0-9A-F]{8}\.(parquet|csv\.gz)$/.test(each),
  );
  return name && join(folder, name);
}

/** DuckDB's table of a file's rows. */
function rowsOf(file: string): string {
  const path = quoteLiteral(literalPath(file));
  if (!file.endsWith(BRONZE_SUFFIX.csv)) return `read_parquet(${path})`;
  return `read_csv(${path}, header = true, all_varchar = true, delim = ',', quote = '"', escape = '"')`;
}

/** The path as a pattern that matches nothing else. */
function literalPath(path: string): string {
  return path.replace(/[[*?]/g, "[$&]");
}

/** `2026-11-21 05:17:04.123456`, UTC, to the millisecond. */
function committedAt(text: string): Date {
  return new Date(`${text.slice(0, 23).replace(" ", "T")}Z`);
}
