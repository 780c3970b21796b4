import { sampleSource } from "../../../lakes/saas/source";
import { seed } from "../../../local/source/seed";
import { startTestServer, type TestServer } from "../../postgres-server";

/**
 * A PostgreSQL with a few rows of the SaaS lake's sample, as the source of a deployed lake. Call it
 * at the top of a test file: it registers what comes before and after the tests.
 * @returns gives its connection string, whose password is in the environment
 */
export function seededSource(): () => string {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
    const client = await server.connect();
    const until = new Date("2026-11-21T00:00:00Z");
    await seed({
      client,
      sample: sampleSource,
      options: { scale: "small", months: 1, tenants: 2, seed: 5, until },
      existing: "fill-empty",
    });
    await client.end();
    process.env.PGPASSWORD = String(server.source().config.password);
  });
  afterAll(async () => {
    delete process.env.PGPASSWORD;
    await server.stop();
  });
  return () => {
    const { user, host, port } = server.source().config;
    return `postgres://${user}@${host}:${port}/postgres?sslmode=require`;
  };
}
