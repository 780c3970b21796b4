/** What can be set about a replication. */
export interface ReplicationSettings {
  /** Changes are gathered this long before a file is written. @default 250 (ms) */
  readonly batchMs: number;
  /** Changes in a file; larger transactions go over several. @default 50,000 */
  readonly maxRowsPerFile: number;
  /** Rows in a full load file. @default 1,000,000 */
  readonly loadRowsPerFile: number;
  /** Tables loaded at the same time. @default 3 */
  readonly parallelLoads: number;
  /** Changes held in memory before the stream is made to wait. @default 64 MiB (bytes) */
  readonly maxBufferedBytes: number;
  /** How often the heartbeat table is written to. @default 30,000 (ms) */
  readonly heartbeatMs: number;
}

export const DEFAULT_SETTINGS: ReplicationSettings = {
  batchMs: 250,
  maxRowsPerFile: 50_000,
  loadRowsPerFile: 1_000_000,
  parallelLoads: 3,
  maxBufferedBytes: 64 * 1024 * 1024,
  heartbeatMs: 30_000,
};
