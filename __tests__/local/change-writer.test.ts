import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { BronzeFile, BronzeWriter, StagedRows } from "../../local/replication/bronze-writer";
import { ChangeWriter, type Route } from "../../local/replication/change-writer";
import type { Tuple } from "../../local/replication/pgoutput";
import { DEFAULT_SETTINGS } from "../../local/replication/settings";
import { UserError } from "../../model/errors";
import { CONTROL, type Manifest } from "../../model/manifest";
import { table } from "./replication-harness";

const BIGINT = 20;

function tuple(id: number): Tuple {
  const bytes = Buffer.from(String(id));
  return { bytes, places: [0, bytes.length] };
}

describe("a table of which a file is refused", () => {
  let bronze: string;
  beforeEach(() => (bronze = mkdtempSync(join(tmpdir(), "change-writer-"))));
  afterEach(() => rmSync(bronze, { recursive: true, force: true }));

  test("gets no later change, also none that came while the file was being written", async () => {
    const manifest = { lake: "l", max_lob_kb: 0, control: CONTROL } as Manifest;
    manifest.tables = [table("item", { id: "bigint" }), table("other", { id: "bigint" })];
    const routes = new Map<string, Route>([
      ["item", { epoch: 1, from: 0n }],
      ["other", { epoch: 1, from: 0n }],
    ]);
    const written: string[] = [];
    let isRefused = false;
    let refuse: () => void = () => undefined;
    const refused = new Promise<void>((resolve) => (refuse = resolve));
    const parquet = {
      stage: async ({ rows }: { rows: number }) => ({ csv: "", rows, longestRow: 0 }),
      write: async ({ rows }: StagedRows, file: BronzeFile) => {
        if (file.table === "public.item" && !isRefused) {
          isRefused = true;
          await refused;
          throw new UserError("does not fit");
        }
        written.push(`${file.table} ${rows}`);
        return [];
      },
    };
    const stopped: string[] = [];
    const writer = new ChangeWriter({
      manifest,
      bronze,
      writer: parquet as unknown as BronzeWriter,
      settings: { ...DEFAULT_SETTINGS, maxRowsPerFile: 2 },
      domainOf: () => undefined,
      routeOf: (name) => routes.get(name),
      controlEpoch: () => 1,
      onBeat: () => undefined,
      onNotices: () => undefined,
      onUnrepresentable: (name, { message }) => {
        routes.delete(name);
        stopped.push(`${name}: ${message}`);
      },
      onFile: () => undefined,
    });
    let commit = 0n;
    const insert = (oid: number, ids: readonly number[]) => {
      const name = oid === 1 ? "item" : "other";
      const columns = [{ name: "id", typeOid: BIGINT, typeModifier: -1 }];
      commit += 10n;
      writer.onMessage({ kind: "begin", commit, committedAt: 0n });
      writer.onMessage({ kind: "relation", oid, schema: "public", name, columns });
      for (const id of ids) {
        writer.onMessage({ kind: "insert", oid, before: undefined, after: tuple(id) });
      }
      writer.onMessage({ kind: "commit", end: commit + 1n });
    };
    insert(1, [1, 2, 3]);
    const flushing = writer.flush();
    insert(1, [4, 5, 6]);
    insert(2, [1]);
    refuse();
    expect(await flushing).toBe(11n);
    expect(stopped).toEqual(["item: does not fit"]);
    insert(1, [7]);
    expect(await writer.flush()).toBe(41n);
    expect(written).toEqual(["public.other 1"]);
    expect(writer.hasChanges).toBe(false);
    expect(writer.isFull).toBe(false);
    expect(existsSync(join(bronze, "e0001"))).toBe(false);
  });
});
