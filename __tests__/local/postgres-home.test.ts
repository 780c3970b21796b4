import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { postgresService } from "../../local/services/postgres";
import { postgresHome, removePostgresHome } from "../../local/services/postgres-home";

/** Root's server runs as another user, who cannot enter a closed folder: its home is elsewhere. */
describe.each([
  ["open to all users", 0o755],
  ["closed to other users", 0o700],
])("the home of PostgreSQL, in a folder %s", (_, mode) => {
  let folder: string;
  const before = process.env.LAKEWRIGHT_HOME;
  const used = new Set<string>();

  /** Works in the checkout of this name. */
  function checkout(name: string): string {
    process.env.LAKEWRIGHT_HOME = join(folder, name);
    used.add(name);
    return join(folder, name);
  }

  /** Its database, with a file that stands for the data. */
  function database(): string {
    const data = join(postgresHome().folder, "data");
    mkdirSync(data, { recursive: true });
    writeFileSync(join(data, "rows"), "rows");
    return data;
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lakewright-home-"));
    chmodSync(folder, mode);
  });
  afterEach(() => {
    for (const name of used) {
      checkout(name);
      removePostgresHome();
    }
    used.clear();
    rmSync(folder, { recursive: true });
    if (before === undefined) delete process.env.LAKEWRIGHT_HOME;
    else process.env.LAKEWRIGHT_HOME = before;
  });

  test("stays the same", () => {
    checkout("lake");
    expect(postgresHome()).toEqual(postgresHome());
  });

  test("of a copied checkout is another one, and its removal leaves the original", () => {
    const original = checkout("lake");
    const data = database();
    cpSync(original, join(folder, "copy"), { recursive: true });
    checkout("copy");
    removePostgresHome();
    expect(existsSync(join(data, "rows"))).toBe(true);
    cpSync(original, join(folder, "copy"), { recursive: true });
    expect(postgresHome().folder).not.toBe(join(data, ".."));
    checkout("lake");
    expect(join(postgresHome().folder, "data")).toBe(data);
  });

  test("moves with its checkout, and a new checkout in the old place has one of its own", () => {
    const old = checkout("lake");
    database();
    const moved = checkout("moved");
    renameSync(old, moved);
    checkout("lake");
    const fresh = postgresHome().folder;
    expect(existsSync(join(fresh, "data"))).toBe(false);
    const freshMarker = postgresService.marker();
    checkout("moved");
    expect(existsSync(join(postgresHome().folder, "data", "rows"))).toBe(true);
    expect(postgresHome().folder).not.toBe(fresh);
    expect(postgresService.marker()).not.toBe(freshMarker);
    checkout("lake");
    expect(postgresHome().folder).toBe(fresh);
  });
});
