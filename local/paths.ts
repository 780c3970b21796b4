import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Folders of one lake, below its root; the engines read and write them by path. */
export interface LakePaths {
  readonly root: string;
  /** The lake's manifest, the one contract between TypeScript and Python. */
  readonly manifest: string;
  /** What replication writes; nothing else changes it. */
  readonly bronze: string;
  /** Where files for the lake are dropped, a folder a table: somebody else's, only read. */
  readonly drops: string;
  /** Copies of the dropped files, raw and kept: what silver reads. */
  readonly files: string;
  readonly silver: string;
  readonly quarantine: string;
  readonly gold: string;
  /** Bookkeeping tables: runs and quality results. */
  readonly ops: string;
  /** Change files between silver and gold. */
  readonly changes: string;
  /** Trino's file metastore. */
  readonly metastore: string;
  /** The replicator's checkpoint. */
  readonly replication: string;
  /** What the pipeline remembers of each table from one run to the next. */
  readonly journal: string;
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

/** Folders of the lake `name`. */
export function lakePaths(name: string, at: Paths = paths()): LakePaths {
  const root = join(at.lakes, name);
  return {
    root,
    manifest: join(root, "manifest.json"),
    bronze: join(root, "bronze"),
    drops: join(root, "drops"),
    files: join(root, "files"),
    silver: join(root, "silver"),
    quarantine: join(root, "quarantine"),
    gold: join(root, "gold"),
    ops: join(root, "ops"),
    changes: join(root, "changes"),
    metastore: join(root, "metastore"),
    replication: join(root, "replication"),
    journal: join(root, "journal.json"),
  };
}
