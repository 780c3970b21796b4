import { loadLake } from "../../../lakes/load";
import { largeValues } from "../../../model/aws/large-values";
import { taskSettings } from "../../../model/aws/task-settings";

const { manifest } = loadLake("saas");

function settings(maxLobKb: number, uncutKb = 1024): Record<string, Record<string, unknown>> {
  const large = largeValues({ ...manifest, max_lob_kb: maxLobKb }, uncutKb);
  return taskSettings(large) as Record<string, Record<string, unknown>>;
}

test("no truncation or drop at the source deletes files of bronze, and no load clears its folder", () => {
  const { ChangeProcessingDdlHandlingPolicy, FullLoadSettings } = settings(0);
  expect(ChangeProcessingDdlHandlingPolicy).toEqual({
    HandleSourceTableDropped: false,
    HandleSourceTableTruncated: false,
    HandleSourceTableAltered: true,
  });
  expect(FullLoadSettings!.TargetTablePrepMode).toBe("DO_NOTHING");
});

test("the task goes on with the changes made during the load, and writes its log", () => {
  expect(settings(0).FullLoadSettings).toMatchObject({
    StopTaskCachedChangesApplied: false,
    StopTaskCachedChangesNotApplied: false,
  });
  expect(settings(0).Logging!.EnableLogging).toBe(true);
  expect(settings(0).Logging!.LogComponents).toHaveLength(19);
});

test("a row that cannot be represented or written suspends its table instead of being logged and left out", () => {
  const { ErrorBehavior } = settings(0);
  expect(Object.values(ErrorBehavior!)).not.toContain("LOG_ERROR");
  expect(Object.values(ErrorBehavior!)).not.toContain("IGNORE_RECORD");
  expect(ErrorBehavior).toMatchObject({
    DataErrorPolicy: "SUSPEND_TABLE",
    TableErrorPolicy: "SUSPEND_TABLE",
    ApplyErrorDeletePolicy: "SUSPEND_TABLE",
    ApplyErrorInsertPolicy: "SUSPEND_TABLE",
    ApplyErrorUpdatePolicy: "SUSPEND_TABLE",
    ApplyErrorEscalationPolicy: "SUSPEND_TABLE",
    RecoverableErrorCount: -1,
    RecoverableErrorStopRetryAfterThrottlingMax: false,
  });
});

test("large values are cut where the lake says so", () => {
  const { TargetMetadata, ErrorBehavior } = settings(32);
  expect(TargetMetadata).toMatchObject({
    SupportLobs: true,
    FullLobMode: false,
    LimitedSizeLobMode: true,
    LobMaxSize: 32,
  });
  expect(ErrorBehavior!.DataTruncationErrorPolicy).toBe("LOG_ERROR");
  expect(largeValues({ ...manifest, max_lob_kb: 32 }, 1024).failWhenLonger).toBe(false);
});

test("a lake that never cuts values has the task fail at one that is too long", () => {
  const { TargetMetadata, ErrorBehavior } = settings(0, 2048);
  expect(TargetMetadata!.LobMaxSize).toBe(2048);
  expect(ErrorBehavior!.DataTruncationErrorPolicy).toBe("SUSPEND_TABLE");
  expect(largeValues({ ...manifest, max_lob_kb: 0 }, 2048).failWhenLonger).toBe(true);
});

test("the longer values are, the fewer rows a full load holds at once", () => {
  const rows = [1, 32, 1024, 102_400].map((kb) => settings(kb).FullLoadSettings!.CommitRate);
  expect(rows).toEqual([10_000, 4096, 128, 10]);
});

test("a size that DMS cannot carry is refused by the name of the setting", () => {
  expect(() => settings(102_401)).toThrow(
    'source.maxLobKb of the lake "saas" is 102401; DMS carries values of 1 to 102400 KB to S3',
  );
  expect(() => settings(0, 0)).toThrow("largestValueKb is 0");
});

test("nothing is set that DMS alone sets", () => {
  const { Logging, ControlTablesSettings } = settings(0);
  expect(Object.keys(Logging!)).toEqual(["EnableLogging", "LogComponents"]);
  expect(ControlTablesSettings).not.toHaveProperty("historyTimeslotInMinutes");
  expect(Object.values(settings(0))).not.toContain(null);
});
