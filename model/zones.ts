import type { TableFormat, Zones } from "./definition";

/**
 * Where a lake's contents lie: `bronze` what replication writes, `files` dropped files, `silver` and
 * `gold` the tables, `ops` quarantine, change files and bookkeeping.
 */
export const CONTENTS = ["bronze", "files", "silver", "gold", "ops"] as const;
export type Content = (typeof CONTENTS)[number];

/**
 * The folder of each content, `raw/database` style; `""` is the root of a bucket of its own. In
 * those of silver and gold `{format}` may be the last part: a table lies in the folder of its format.
 */
export type Folders = Readonly<Record<Content, string>>;

/** What the folders are in: a lake's folder on the laptop, a bucket for each content, or one bucket. */
export type Storage = "laptop" | "per-content" | "one";

const SIDE_BY_SIDE: Folders = {
  bronze: "bronze",
  files: "files",
  silver: "silver",
  gold: "gold",
  ops: "ops",
};

/** Dropped files are raw and kept as bronze is, in its bucket. */
const PER_CONTENT: Folders = { bronze: "", files: "files", silver: "", gold: "", ops: "" };

/** The folders of a lake with these zones. */
export function foldersOf(zones: Zones | undefined, storage: Storage): Folders {
  const defaults = storage === "per-content" ? PER_CONTENT : SIDE_BY_SIDE;
  return {
    bronze: zones?.database ?? defaults.bronze,
    files: zones?.files ?? defaults.files,
    silver: zones?.silver ?? defaults.silver,
    gold: zones?.gold ?? defaults.gold,
    ops: defaults.ops,
  };
}

/** The folder of a table of silver or gold, `curated/hudi/orders`, as locations.py has it. */
export function tableFolder(
  folders: Folders,
  layer: "silver" | "gold",
  { name, format }: { readonly name: string; readonly format: TableFormat },
): string {
  return inFolder(folders[layer].replace(FORMAT, format), name);
}

/** The folder that holds all of a content: rights, registrations and lifecycles are about it. */
export function rootOf(folder: string): string {
  return folder.replace(/\/\{format\}$/, "");
}

/** A path in a folder, of which `""` is the root. */
export function inFolder(folder: string, path: string): string {
  return folder === "" ? path : `${folder}/${path}`;
}

const FORMAT = "{format}";

const EPOCH = /^e\d+$/;
/** Folders that the program itself keeps beside the zones. */
const TAKEN = ["changes", "drops", "logs", "metastore", "ops", "quarantine", "replication"];

/** What is wrong with zones whose folders are well-formed, by the zone. */
export function zoneProblems(zones: Zones): [zone: keyof Zones, problem: string][] {
  const { bronze: database, files, silver, gold } = foldersOf(zones, "laptop");
  const roots = Object.entries({ database, files, silver, gold }).map(
    ([zone, folder]) => [zone as keyof Zones, rootOf(folder)] as const,
  );
  const problems: [keyof Zones, string][] = [];
  roots.forEach(([zone, root], index) => {
    const [first = ""] = root.split("/");
    if (TAKEN.includes(first) || EPOCH.test(first)) {
      problems.push([zone, `begins with "${first}", which the lake uses itself; expected another`]);
    }
    for (const [other, its] of roots.slice(0, index)) {
      if (!overlap(root, its)) continue;
      const found = `"${root}" and "${its}" of ${other} lie in one another`;
      problems.push([zone, `${found}; expected a folder of its own`]);
    }
  });
  return problems;
}

function overlap(one: string, other: string): boolean {
  return `${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`);
}
