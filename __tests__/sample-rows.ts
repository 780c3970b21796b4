import { createHash } from "node:crypto";

import type { SampleOptions, SampleSource } from "../lakes/sample-source";

/** A generated row; every value as PostgreSQL's text, null as null. */
export type Row = Readonly<Record<string, string | null>>;

/** Generates everything and reads it back from COPY text format. */
export function generateRows(sample: SampleSource, options: SampleOptions): Map<string, Row[]> {
  const tables = new Map<string, Row[]>();
  for (const table of sample.generate(options)) {
    const rows = Array.from(table.rows(), (line) => parseLine(line, table.columns));
    if (rows.length !== table.rowCount)
      throw new Error(`${table.name}: announced ${table.rowCount}`);
    tables.set(table.name, rows);
  }
  return tables;
}

/** One hash over the bytes of all tables. */
export function hashOf(sample: SampleSource, options: SampleOptions): string {
  const hash = createHash("sha256");
  for (const table of sample.generate(options)) {
    hash.update(`${table.name}(${table.columns.join()})\n`);
    for (const line of table.rows()) hash.update(line);
  }
  return hash.digest("hex");
}

const ESCAPED: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r" };

function parseLine(line: string, columns: readonly string[]): Row {
  if (!line.endsWith("\n")) throw new Error(`not a line: ${line}`);
  const fields = line.slice(0, -1).split("\t");
  if (fields.length !== columns.length) throw new Error(`${columns.length} columns in: ${line}`);
  const row: Record<string, string | null> = {};
  columns.forEach((column, index) => {
    const field = fields[index] as string;
    row[column] = field.includes("\\") ? unescaped(field) : field;
  });
  return row;
}

function unescaped(field: string): string | null {
  if (field === "\\N") return null;
  return field.replace(/\\(.)/g, (_, code: string) => ESCAPED[code] ?? code);
}

/** Microseconds since 1970 of a generated timestamp. */
export function microsOf(timestamp: string | null | undefined): number {
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)\.(\d{6})\+00$/.exec(timestamp ?? "");
  if (!match) throw new Error(`not a timestamp: ${timestamp}`);
  return Date.parse(`${match[1]}T${match[2]}Z`) * 1000 + Number(match[3]);
}

/** Hundredths of a generated decimal. */
export function centsOf(amount: string | null | undefined): number {
  if (!/^-?\d+\.\d\d$/.test(amount ?? "")) throw new Error(`not an amount: ${amount}`);
  return Number((amount as string).replace(".", ""));
}

export function groupBy<T>(items: Iterable<T>, key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = key(item);
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return groups;
}
