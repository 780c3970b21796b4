import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { TrinoClient } from "../../../analytics/trino-client";
import { keepService, stopService, useTrino } from "../../../local/services";
import { etcFolder } from "../../../local/services/trino";
import { killFixtures, startFixture, until } from "../fixtures/processes";

jest.setTimeout(600_000);

const quiet = () => undefined;
const before = process.env.LAKEWRIGHT_HOME;

beforeAll(() => {
  process.env.LAKEWRIGHT_HOME = mkdtempSync(join(tmpdir(), "lakewright-use-trino-"));
});
afterAll(async () => {
  killFixtures();
  await stopService("trino");
  rmSync(process.env.LAKEWRIGHT_HOME as string, { recursive: true, force: true });
  if (before === undefined) delete process.env.LAKEWRIGHT_HOME;
  else process.env.LAKEWRIGHT_HOME = before;
});

test("a Trino that runs since before a lake was defined is started anew, unless others use it", async () => {
  const { pid } = await keepService("trino", quiet);
  // As if the lake had been defined afterwards.
  rmSync(join(etcFolder(), "catalog", "saas.properties"));
  const { child } = await startFixture("hold-service.ts", "trino");
  await expect(useTrino("saas", quiet)).rejects.toThrow(
    new RegExp(
      `^Trino has run since before the lake saas was defined, and lake .*\\(process ${child.pid}\\) uses it: .*\\./lake down && \\./lake up$`,
    ),
  );
  child.kill("SIGKILL");
  await until(() => child.signalCode !== null, 5);
  await using trino = await useTrino("saas", quiet);
  expect(trino.pid).not.toBe(pid);
  const client = new TrinoClient(`http://127.0.0.1:${trino.port}`);
  const { rows } = await client.query("SHOW CATALOGS LIKE 'saas'", { user: "admin" });
  expect(rows).toEqual([["saas"]]);
  await using again = await useTrino("saas", quiet);
  expect(again.pid).toBe(trino.pid);
});
