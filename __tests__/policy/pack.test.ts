import { spawn } from "node:child_process";
import { join } from "node:path";

const FOLDER = join(__dirname, "../../policy");

test("the policy pack starts as the Pulumi CLI starts it, and serves on a port", async () => {
  const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
  // The engine's address is not used before the engine calls.
  const pack = spawn(process.execPath, [runner, "127.0.0.1:1", "."], { cwd: FOLDER });
  let errors = "";
  pack.stderr.on("data", (data) => (errors += data));
  try {
    const said = await new Promise<string>((resolve) => {
      pack.stdout.once("data", (data) => resolve(String(data)));
      pack.once("exit", () => resolve(errors));
    });
    expect(said).toMatch(/^\d+\n$/);
  } finally {
    pack.kill();
  }
}, 120_000);
