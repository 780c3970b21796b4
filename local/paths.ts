import { homedir } from "node:os";
import { join, resolve } from "node:path";

import type { LakeDefinition } from "../model/definition";
import { foldersOf } from "../model/zones";

/** What of a lake is where it is whatever its zones. */
export interface LakeHome {
  readonly root: string;
  /** The lake's manifest, the one contract between TypeScript and Python. */
  readonly manifest: string;
  /** Where files for the lake are dropped, a folder a table: somebody else's, only read. */
  readonly drops: string;
  /** Trino's file metastore. */
  readonly metastore: string;
  /** The replicator's checkpoint. */
  readonly replication: string;
  /** What the pipeline remembers of each table from one run to the next. */
  readonly journal: string;
}

/** Folders of one lake, below its root; the engines read and write them by path. */
export interface LakePaths extends LakeHome {
  /** What replication writes; nothing else changes it. */
  readonly bronze: string;
  /** Copies of the dropped files, raw and kept: what silver reads. */
  readonly files: string;
  /** Of the tables' folders; `{format}` at its end stands for each table's format. */
  readonly silver: string;
  readonly quarantine: string;
  /** As `silver`. */
  readonly gold: string;
  /** Bookkeeping tables: runs and quality results. */
  readonly ops: string;
  /** Change files between silver and gold. */
  readonly changes: string;
}

/** Every folder the program uses on this machine. */
export interface Paths {
  /** The checkout. */
  readonly project: string;
  /** Toolchain, shared by all checkouts of this user. */
  readonly cache: string;
  /** State of this checkout, ignored by git; `ownState` lists what is in it. */
  readonly state: string;
  /** Which servers run, on which ports, and who uses them. */
  readonly run: string;
  readonly logs: string;
  readonly postgres: string;
  readonly trino: string;
  readonly lakes: string;
  /** Spark's working folder. */
  readonly spark: string;
  readonly reports: string;
}

const PROJECT = resolve(__dirname, "..");

/**
 * Where everything lies.
 *
 * `LAKEWRIGHT_CACHE` moves the toolchain (default `$XDG_CACHE_HOME/lakewright`, else
 * `~/.cache/lakewright`), `LAKEWRIGHT_HOME` the state (default `.lakewright` in the checkout).
 */
export function paths(env: NodeJS.ProcessEnv = process.env): Paths {
  const state = resolve(env.LAKEWRIGHT_HOME || join(PROJECT, ".lakewright"));
  const caches = env.XDG_CACHE_HOME || join(env.HOME || homedir(), ".cache");
  return {
    project: PROJECT,
    cache: resolve(env.LAKEWRIGHT_CACHE || join(caches, "lakewright")),
    state,
    run: join(state, "run"),
    logs: join(state, "logs"),
    postgres: join(state, "postgres"),
    trino: join(state, "trino"),
    lakes: join(state, "lakes"),
    spark: join(state, "spark"),
    reports: join(state, "reports"),
  };
}

/** What the program makes in the state folder, which may be one that holds other things as well. */
export function ownState(at: Paths = paths()): string[] {
  return [at.run, at.logs, at.postgres, at.trino, at.lakes, at.spark, at.reports];
}

/** What the lake `name` has apart from its zones. */
export function lakeHome(name: string, at: Paths = paths()): LakeHome {
  const root = join(at.lakes, name);
  return {
    root,
    manifest: join(root, "manifest.json"),
    drops: join(root, "drops"),
    metastore: join(root, "metastore"),
    replication: join(root, "replication"),
    journal: join(root, "journal.json"),
  };
}

/** Folders of a lake: its zones' and the others. */
export function lakePaths(
  { name, zones }: Pick<LakeDefinition, "name" | "zones">,
  at: Paths = paths(),
): LakePaths {
  const home = lakeHome(name, at);
  const { bronze, files, silver, gold, ops } = foldersOf(zones, "laptop");
  return {
    ...home,
    bronze: join(home.root, bronze),
    files: join(home.root, files),
    silver: join(home.root, silver),
    quarantine: join(home.root, "quarantine"),
    gold: join(home.root, gold),
    ops: join(home.root, ops),
    changes: join(home.root, "changes"),
  };
}
