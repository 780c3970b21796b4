import {
  type Epoch,
  reloadType,
  type ReplicationState,
  startType,
} from "../../../cli/aws/start-replication";

const empty: Epoch = { bucket: "bronze", folder: "e0002", hasFiles: false };
const filled: Epoch = { ...empty, hasFiles: true };
const fresh: ReplicationState = { status: "ready", hasRun: false, loadFinished: false };
const loaded: ReplicationState = {
  status: "stopped",
  hasRun: true,
  loadPercent: 100,
  loadFinished: true,
};

test("the first start is start-replication, which no later one may be", () => {
  expect(startType(fresh, empty)).toBe("start-replication");
  expect(reloadType(fresh, empty)).toBe("start-replication");
  // A change by pulumi up leaves a task that ran as ready.
  expect(startType({ ...loaded, status: "ready" }, filled)).toBe("resume-processing");
});

test("a start into a raised epoch loads all tables: changes alone would never be complete", () => {
  expect(startType(loaded, empty)).toBe("reload-target");
});

test("nothing is loaded into a folder with files", () => {
  const remedy = "set replication.epoch to 3 in the stack's settings";
  expect(() => reloadType(loaded, filled)).toThrow(remedy);
  expect(() => startType(fresh, filled)).toThrow(remedy);
});

test("a load that broke off is not gone on with, unless it is asked for", () => {
  const broken = { ...loaded, status: "failed", loadPercent: 40, loadFinished: false };
  expect(() => startType(broken, filled)).toThrow("broke off at 40 percent");
  expect(startType(broken, filled, { resume: true })).toBe("resume-processing");
  expect(startType({ ...broken, loadPercent: undefined }, filled)).toBe("resume-processing");
});

test("what is being changed is waited for", () => {
  expect(() => startType({ ...loaded, status: "modifying" }, filled)).toThrow(
    "replication is modifying; wait",
  );
});
