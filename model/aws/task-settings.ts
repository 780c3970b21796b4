import type { LargeValues } from "./large-values";

/**
 * The settings of a DMS task, as DMS gives them back: every section, in full, so that a preview
 * never finds a difference that nobody made. Left out, because DMS does not always give them back:
 * names of the log (read-only), what only newer engines know, and sections that are null here.
 * Source: AWS DMS user guide, "Specifying task settings".
 */
export function taskSettings(large: LargeValues): Readonly<Record<string, unknown>> {
  return {
    TargetMetadata: {
      TargetSchema: "",
      SupportLobs: true,
      FullLobMode: false,
      LobChunkSize: 0,
      LimitedSizeLobMode: true,
      LobMaxSize: large.maxKb,
      InlineLobMaxSize: 0,
      LoadMaxFileSize: 0,
      ParallelLoadThreads: 0,
      ParallelLoadBufferSize: 0,
      ParallelLoadQueuesPerThread: 0,
      ParallelApplyThreads: 0,
      ParallelApplyBufferSize: 0,
      ParallelApplyQueuesPerThread: 0,
      BatchApplyEnabled: false,
      TaskRecoveryTableEnabled: false,
    },
    FullLoadSettings: {
      // Bronze is never changed: a reload goes into the folder of the next epoch.
      TargetTablePrepMode: "DO_NOTHING",
      CreatePkAfterFullLoad: false,
      StopTaskCachedChangesApplied: false,
      StopTaskCachedChangesNotApplied: false,
      MaxFullLoadSubTasks: 8,
      TransactionConsistencyTimeout: 600,
      CommitRate: large.rowsAtOnce,
    },
    Logging: { EnableLogging: true, LogComponents: LOG_COMPONENTS },
    ControlTablesSettings: {
      // Control tables of DMS would be folders in bronze: its statistics tell the same.
      ControlSchema: "",
      HistoryTimeslotInMinutes: 5,
      HistoryTableEnabled: false,
      SuspendedTablesTableEnabled: false,
      StatusTableEnabled: false,
      FullLoadExceptionTableEnabled: false,
    },
    StreamBufferSettings: {
      StreamBufferCount: 3,
      StreamBufferSizeInMB: 8,
      CtrlStreamBufferSizeInMB: 5,
    },
    ChangeProcessingDdlHandlingPolicy: {
      // Left to itself, DMS deletes a table's bronze files when its source is truncated or dropped.
      HandleSourceTableDropped: false,
      HandleSourceTableTruncated: false,
      HandleSourceTableAltered: true,
    },
    ErrorBehavior: errorBehavior(large),
    ChangeProcessingTuning: {
      BatchApplyPreserveTransaction: true,
      BatchApplyTimeoutMin: 1,
      BatchApplyTimeoutMax: 30,
      BatchApplyMemoryLimit: 500,
      BatchSplitSize: 0,
      MinTransactionSize: 1000,
      CommitTimeout: 1,
      MemoryLimitTotal: 1024,
      MemoryKeepTime: 60,
      StatementCacheSize: 50,
    },
    FailTaskWhenCleanTaskResourceFailed: false,
  };
}

/**
 * What cannot be represented or written stops its table alone, and loudly: a row that was only
 * logged would be missing from the lake unseen. Cut values alone are logged, where the lake wants
 * them cut. Trouble that passes (a failover, the network) is tried for ever.
 * Source: AWS DMS user guide, "Error handling task settings", which names no other values for S3.
 */
function errorBehavior({ failWhenLonger }: LargeValues): Readonly<Record<string, unknown>> {
  return {
    DataErrorPolicy: "SUSPEND_TABLE",
    DataTruncationErrorPolicy: failWhenLonger ? "SUSPEND_TABLE" : "LOG_ERROR",
    DataErrorEscalationPolicy: "SUSPEND_TABLE",
    DataErrorEscalationCount: 0,
    EventErrorPolicy: "IGNORE",
    TableErrorPolicy: "SUSPEND_TABLE",
    TableErrorEscalationPolicy: "STOP_TASK",
    TableErrorEscalationCount: 0,
    RecoverableErrorCount: -1,
    RecoverableErrorInterval: 5,
    RecoverableErrorThrottling: true,
    RecoverableErrorThrottlingMax: 1800,
    RecoverableErrorStopRetryAfterThrottlingMax: false,
    ApplyErrorDeletePolicy: "SUSPEND_TABLE",
    ApplyErrorInsertPolicy: "SUSPEND_TABLE",
    ApplyErrorUpdatePolicy: "SUSPEND_TABLE",
    ApplyErrorEscalationPolicy: "SUSPEND_TABLE",
    ApplyErrorEscalationCount: 0,
    ApplyErrorFailOnTruncationDdl: false,
    FullLoadIgnoreConflicts: true,
    FailOnTransactionConsistencyBreached: false,
    FailOnNoTablesCaptured: true,
  };
}

const LOG_COMPONENTS = [
  "TRANSFORMATION",
  "SOURCE_UNLOAD",
  "IO",
  "TARGET_LOAD",
  "PERFORMANCE",
  "SOURCE_CAPTURE",
  "SORTER",
  "REST_SERVER",
  "VALIDATOR_EXT",
  "TARGET_APPLY",
  "TASK_MANAGER",
  "TABLES_MANAGER",
  "METADATA_MANAGER",
  "FILE_FACTORY",
  "COMMON",
  "ADDONS",
  "DATA_STRUCTURE",
  "COMMUNICATION",
  "FILE_TRANSFER",
].map((Id) => ({ Id, Severity: "LOGGER_SEVERITY_DEFAULT" }));
