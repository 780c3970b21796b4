import type { QueryResult } from "../../analytics/query-client";
import { dropFiles } from "../../cli/demo/chapters";
import { timeTravel } from "../../cli/demo/scenarios";
import { Stage } from "../../cli/demo/stage";
import { loadLake } from "../../lakes/load";
import type { OpenLake } from "../../local/pipeline/open";
import { startTestServer, type TestServer } from "../postgres-server";

jest.setTimeout(120_000);

let server: TestServer;
const before = process.env.LAKEWRIGHT_SOURCE;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  if (before === undefined) delete process.env.LAKEWRIGHT_SOURCE;
  else process.env.LAKEWRIGHT_SOURCE = before;
  await server.stop();
});

/** A stage on the embedded source, with a lake whose engines are not there. */
class BareStage extends Stage {
  override async onLake(): Promise<QueryResult> {
    const stats = { bytesRead: 0, rowsRead: 0, elapsedMs: 0, queuedMs: 0 };
    return { columns: [], rows: [["55.00"]], stats };
  }

  override async replicate(): Promise<never> {
    throw new Error("interrupted");
  }
}

test("the demo plays on the embedded source, whatever LAKEWRIGHT_SOURCE names", async () => {
  process.env.LAKEWRIGHT_SOURCE = "postgres://me@production.example/shop";
  await using stage = new Stage("saas", new AbortController().signal);
  await stage.openSource(() => undefined);
  expect(stage.source.embedded).toBe(true);
  expect(stage.source.label).not.toContain("production");
});

test("a demo that ends between mistake and mend leaves the source as it was", async () => {
  await using stage = new BareStage("saas", new AbortController().signal);
  await stage.openSource(() => undefined);
  await stage.onSource(
    `CREATE TABLE core_product (id bigint PRIMARY KEY, tenant_id bigint, price numeric(12,2))`,
  );
  await stage.onSource("INSERT INTO core_product VALUES (1, 1, 50.00), (2, 1, 5.00), (3, 2, 7.00)");
  const prices = "SELECT string_agg(price::text, ' ' ORDER BY id) AS prices FROM core_product";
  await expect(timeTravel(stage, () => undefined)).rejects.toThrow("interrupted");
  expect(await stage.onSource(prices)).toEqual([{ prices: "50.00 5.00 7.00" }]);
});

test("a lake's sample files are dropped and taken in, once", async () => {
  class FileStage extends Stage {
    override get open(): OpenLake {
      return { lake: loadLake("autocorp") } as OpenLake;
    }
  }
  await using stage = new FileStage("autocorp", new AbortController().signal);
  const told: string[] = [];
  const drop = () => dropFiles(stage, (message) => void told.push(message));
  expect(await drop()).toMatch(/^5 files, [\d.]+ MB, copied and verified$/);
  expect(told).toHaveLength(5);
  expect(told[0]).toMatch(/^customers\.csv: 20,\d+ lines; duplicate-rows, nulls/);
  expect(await drop()).toBe("they are there already");
  expect(told).toHaveLength(5);
});
