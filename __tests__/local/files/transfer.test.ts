import {
  appendFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { transferFiles } from "../../../local/files/transfer";
import { readTransfers } from "../../../local/files/transfer-log";
import { watchTransfers } from "../../../local/files/watch-transfers";
import { CONTROL, type Manifest } from "../../../model/manifest";
import { table } from "../replication-harness";

jest.mock("node:fs", () => withSpy("node:fs", "createReadStream"));
jest.mock("node:fs/promises", () => withSpy("node:fs/promises", "stat"));
function withSpy(module: string, name: string): Record<string, unknown> {
  const real = jest.requireActual<Record<string, never>>(module);
  return { ...real, [name]: jest.fn(real[name]) };
}
const actual = {
  fs: jest.requireActual<typeof import("node:fs")>("node:fs"),
  promises: jest.requireActual<typeof import("node:fs/promises")>("node:fs/promises"),
};

const YESTERDAY = new Date("2026-11-21T10:00:00.125Z");
const manifest = {
  control: CONTROL,
  tables: [
    table("thing", { id: "bigint" }),
    table(
      "order",
      { id: "bigint" },
      { files: { folder: "orders", delimiter: ",", headers: {}, precedence: "database" } },
    ),
  ],
} as unknown as Manifest;

let root: string;
let paths: { drops: string; files: string };
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "transfer-"));
  paths = { drops: join(root, "drops"), files: join(root, "files") };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function drop(name: string, content: string, modified: Date = YESTERDAY): string {
  const path = join(paths.drops, "orders", name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  utimesSync(path, modified, modified);
  return path;
}

const pass = () => transferFiles(manifest, paths, { settleMs: 100 });
const copies = () =>
  existsSync(join(paths.files, "orders")) ? readdirSync(join(paths.files, "orders")).sort() : [];
const copyOf = (name: string) => readFileSync(join(paths.files, "orders", name), "utf8");
const names = async (done: ReturnType<typeof pass>) =>
  (await done).transferred.map(({ file }) => file);

test("a dropped file is copied once, with its time, and noted with its checksum", async () => {
  drop("a.csv", "id\n1\n");
  expect(await names(pass())).toEqual(["orders/a.csv"]);
  expect(copyOf("a.csv")).toBe("id\n1\n");
  expect(statSync(join(paths.files, "orders", "a.csv")).mtime).toEqual(YESTERDAY);
  expect(readTransfers(join(paths.files, "_transfers.jsonl"))).toEqual([
    {
      table: "order",
      file: "orders/a.csv",
      bytes: 5,
      modified: YESTERDAY.getTime(),
      sha256: "7cde7fb64fd82bd152710cf238e017b9ab46c0592483edc067ba4f6c75fac108",
      at: expect.stringMatching(/^\d{4}-/),
    },
  ]);
  expect(await names(pass())).toEqual([]);
  expect(existsSync(join(paths.drops, "orders", "a.csv"))).toBe(true);
});

test("a file that changed under its name is refused: what came stays as it came", async () => {
  drop("a.csv", "id\n1\n");
  await pass();
  drop("a.csv", "id\n2\n", new Date(YESTERDAY.getTime() + 1000));
  const { transferred, refused } = await pass();
  expect(transferred).toEqual([]);
  expect(refused).toEqual([
    { file: "orders/a.csv", reason: expect.stringContaining("another name") },
  ]);
  expect(copyOf("a.csv")).toBe("id\n1\n");
});

test("a file that somebody still writes is left until it is whole", async () => {
  const path = drop("a.csv", "id\n", new Date());
  const writer = setInterval(() => appendFileSync(path, "1\n"), 10);
  const first = await pass();
  clearInterval(writer);
  expect(first).toMatchObject({ transferred: [], waiting: ["orders/a.csv"] });
  expect(copies()).toEqual([]);
  expect(await names(pass())).toEqual(["orders/a.csv"]);
  expect(copyOf("a.csv")).toBe(readFileSync(path, "utf8"));
});

test("names of unfinished files are passed over, other kinds are refused with the remedy", async () => {
  for (const name of [".a.csv", "_b.csv", "c.csv.tmp", "d.csv.part", "~e.csv"]) drop(name, "id\n");
  drop("f.xlsx", "");
  drop("12:30.csv", "id\n");
  drop("G.CSV.GZ", "x");
  mkdirSync(join(paths.drops, "orders", "old.csv"));
  const result = await pass();
  expect(result.transferred.map(({ file }) => file)).toEqual(["orders/G.CSV.GZ"]);
  expect(result.refused).toEqual([
    { file: "orders/12:30.csv", reason: expect.stringContaining("rename it") },
    { file: "orders/f.xlsx", reason: expect.stringContaining("neither .csv nor .csv.gz") },
    { file: "orders/old.csv", reason: expect.stringContaining("begin its name with _") },
  ]);
});

test("a pass that was killed is made good by the next: nothing half, nothing lost", async () => {
  drop("a.csv", "id\n1\n");
  drop("b.csv", "id\n2\n");
  await pass();
  const log = join(paths.files, "_transfers.jsonl");
  truncateSync(log, statSync(log).size - 20);
  expect(await names(pass())).toEqual(["orders/b.csv"]);
  expect(readTransfers(log).map(({ file }) => file)).toEqual(["orders/a.csv", "orders/b.csv"]);
  expect(await names(pass())).toEqual([]);
});

test("a copy that a killed pass did not note stays when its drop has changed since", async () => {
  drop("a.csv", "id\n1\n");
  await pass();
  rmSync(join(paths.files, "_transfers.jsonl"));
  drop("a.csv", "id\n2\n", new Date(YESTERDAY.getTime() + 1000));
  const { transferred, refused } = await pass();
  expect(transferred).toMatchObject([
    {
      file: "orders/a.csv",
      bytes: 5,
      modified: YESTERDAY.getTime(),
      sha256: "7cde7fb64fd82bd152710cf238e017b9ab46c0592483edc067ba4f6c75fac108",
    },
  ]);
  expect(refused).toEqual([
    { file: "orders/a.csv", reason: expect.stringContaining("another name") },
  ]);
  expect(copyOf("a.csv")).toBe("id\n1\n");
});

// Who runs the tests may be allowed to read everything: the refusals are the system's own, given
// by hand.
const denied = (syscall: string, path: string) =>
  Object.assign(new Error(`EACCES: permission denied, ${syscall} '${path}'`), {
    code: "EACCES",
    syscall,
    path,
  });

test.each(["open", "stat"] as const)(
  "a file that the system does not let us %s is refused, and the others are transferred",
  async (call) => {
    const path = drop("a.csv", "id\n1\n");
    drop("b.csv", "id\n2\n");
    if (call === "open")
      jest.mocked(createReadStream).mockImplementation((from, options) => {
        const stream = actual.fs.createReadStream(from, options);
        return from === path ? stream.destroy(denied(call, path)) : stream;
      });
    else
      jest
        .mocked(stat)
        .mockImplementation((from) =>
          from === path ? Promise.reject(denied(call, path)) : actual.promises.stat(from),
        );
    const { transferred, refused } = await pass();
    expect(transferred.map(({ file }) => file)).toEqual(["orders/b.csv"]);
    expect(refused).toEqual([
      {
        file: "orders/a.csv",
        reason:
          `cannot be read: EACCES: permission denied, ${call} '${path}';` +
          " give it to the user that runs this",
      },
    ]);
    jest.mocked(createReadStream).mockImplementation(actual.fs.createReadStream);
    jest.mocked(stat).mockImplementation(actual.promises.stat);
    expect(await names(pass())).toEqual(["orders/a.csv"]);
  },
);

test("a folder that cannot be listed is refused, and what cannot be written is an error", async () => {
  mkdirSync(paths.drops, { recursive: true });
  writeFileSync(join(paths.drops, "orders"), "");
  expect((await pass()).refused).toEqual([
    { file: "orders", reason: expect.stringContaining("cannot be read: ENOTDIR") },
  ]);
  rmSync(join(paths.drops, "orders"));
  drop("a.csv", "id\n");
  writeFileSync(join(paths.files, "orders"), "");
  await expect(pass()).rejects.toThrow();
});

test("passes at the same time copy each file once", async () => {
  for (const name of ["a.csv", "b.csv", "c.csv"]) drop(name, "id\n");
  const both = await Promise.all([names(pass()), names(pass())]);
  expect(both.flat().sort()).toEqual(["orders/a.csv", "orders/b.csv", "orders/c.csv"]);
});

test("links, folders and devices are refused: a link may lead to what is not theirs to read", async () => {
  drop("real.csv", "id\n1\n");
  drop("2026.csv/in.csv", "id\n2\n");
  symlinkSync("/etc/hostname", join(paths.drops, "orders", "link.csv"));
  const { transferred, refused } = await pass();
  expect(transferred.map(({ file }) => file)).toEqual(["orders/real.csv"]);
  expect(refused).toEqual([
    { file: "orders/2026.csv", reason: expect.stringContaining("is a folder") },
    { file: "orders/link.csv", reason: expect.stringContaining("put the file itself there") },
  ]);
});

test("files of nobody's folder and a lake without files are left alone", async () => {
  mkdirSync(join(paths.drops, "other"), { recursive: true });
  writeFileSync(join(paths.drops, "other", "a.csv"), "");
  expect(await pass()).toEqual({ transferred: [], waiting: [], refused: [] });
  const without = { ...manifest, tables: manifest.tables.slice(0, 1) };
  expect((await transferFiles(without, paths)).transferred).toEqual([]);
});

test("a watch takes what is dropped, tells of a refused file once, and ends by its signal", async () => {
  const stop = new AbortController();
  const taken: string[] = [];
  const refused: string[] = [];
  drop("x.txt", "");
  const watch = watchTransfers(manifest, paths, {
    signal: stop.signal,
    everyMs: 10,
    settleMs: 10,
    onTransferred: ({ file }) => {
      taken.push(file);
      if (taken.length === 2) stop.abort();
      else drop("b.csv", "id\n");
    },
    onRefused: ({ file }) => refused.push(file),
  });
  drop("a.csv", "id\n");
  await watch;
  expect(taken).toEqual(["orders/a.csv", "orders/b.csv"]);
  expect(refused).toEqual(["orders/x.txt"]);
});
