import { Pipeline } from "../../local/pipeline/pipeline";
import { runOnce } from "../../local/pipeline/run-once";
import { UserError } from "../../model/errors";
import type { Lake } from "../../model/lake";

/** A lake of no tables; its steps, of which `gate` answers so, are noted. */
function lake(gate: () => void) {
  const asked: string[] = [];
  const empty = {
    definition: { name: "none" },
    manifest: { tables: [], models: [] },
  } as unknown as Lake;
  const steps = {
    step: async (name: string, args: { layer?: string } = {}) => {
      asked.push(args.layer ? `${name} ${args.layer}` : name);
      if (name === "gate") gate();
      return { tables: [], rules: [], models: [] };
    },
  };
  const pipeline = new Pipeline(empty, steps as never);
  jest.spyOn(pipeline, "publish").mockResolvedValue();
  return { asked, run: () => runOnce({ lake: empty, pipeline }, undefined) };
}

const SILVER = ["silver", "initialise", "quality silver", "gate silver"];

test("gold follows silver where the gate lets it", async () => {
  const { asked, run } = lake(() => {});
  expect(await run()).toMatchObject({ goldStopped: undefined, failed: false });
  expect(asked).toEqual([...SILVER, "gold", "quality gold"]);
});

test("gold is left as it is where rules on silver stop it, and the run says so", async () => {
  const { asked, run } = lake(() => {
    throw new UserError("rules that stop do not hold");
  });
  expect(await run()).toMatchObject({ goldStopped: "rules that stop do not hold", failed: true });
  expect(asked).toEqual(SILVER);
});

test("an application that breaks at the gate breaks the run", async () => {
  const { run } = lake(() => {
    throw new Error("the JVM ended");
  });
  await expect(run()).rejects.toThrow("the JVM ended");
});
