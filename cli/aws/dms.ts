import {
  type DatabaseMigrationServiceClient,
  DescribeEndpointsCommand,
  DescribeReplicationsCommand,
  DescribeReplicationTasksCommand,
  paginateDescribeReplicationTableStatistics,
  paginateDescribeTableStatistics,
  StartReplicationCommand,
  StartReplicationTaskCommand,
  StopReplicationCommand,
  StopReplicationTaskCommand,
  type TableStatistics,
} from "@aws-sdk/client-database-migration-service";
import { ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";

import type { LakeValues } from "../../model/aws/outputs";
import { UserError } from "../../model/errors";
import { isAwsError } from "./aws-error";
import { poll } from "./poll";
import {
  type Epoch,
  isStartable,
  type ReplicationState,
  type StartType,
} from "./start-replication";

/** Starting and stopping take minutes; serverless replication provisions capacity first. */
const LONGEST_CHANGE_MS = 40 * 60_000;

/** A replication as DMS describes it. */
export interface Replication extends ReplicationState {
  readonly targetEndpointArn: string;
  /** Why it stopped or failed, in DMS's words. */
  readonly reason?: string | undefined;
  /** When it was started last with a full load. */
  readonly loadedFrom?: Date | undefined;
}

/** One table of a replication. */
export interface TableProgress {
  /** `public.core_order` */
  readonly table: string;
  readonly state: string;
  readonly loadedRows: number;
  readonly inserts: number;
  readonly updates: number;
  readonly deletes: number;
}

export interface WaitOptions {
  /** Milliseconds between questions. @default 10000 */
  readonly everyMs?: number;
  readonly signal?: AbortSignal;
  readonly onStatus?: (status: string) => void;
}

/** The replication of one lake: a task on an instance, or a serverless one. */
export class DmsReplication {
  constructor(
    private readonly client: DatabaseMigrationServiceClient,
    private readonly s3: S3Client,
    private readonly replication: LakeValues["replication"],
  ) {}

  get isServerless(): boolean {
    return this.replication.kind === "serverless";
  }

  /** @throws UserError where DMS does not have it */
  async describe(): Promise<Replication> {
    try {
      const found = await (this.isServerless ? this.describeServerless() : this.describeTask());
      if (found) return found;
    } catch (error) {
      if (!isAwsError(error, "ResourceNotFoundFault", "ResourceNotFoundException")) throw error;
    }
    throw new UserError(
      `DMS has no ${this.replication.arn}; the stack's outputs name it, so run pulumi up`,
    );
  }

  /** The folder in bronze that it writes to. */
  async epoch({ targetEndpointArn }: Replication): Promise<Epoch> {
    const { Endpoints = [] } = await this.client.send(
      new DescribeEndpointsCommand({ Filters: filter("endpoint-arn", targetEndpointArn) }),
    );
    const { BucketName: bucket, BucketFolder: folder } = Endpoints[0]?.S3Settings ?? {};
    if (!bucket || !folder) {
      throw new UserError(
        `DMS says of the target ${targetEndpointArn} no bucket and folder; run pulumi up`,
      );
    }
    const { KeyCount = 0 } = await this.s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: `${folder}/`, MaxKeys: 1 }),
    );
    return { bucket, folder, hasFiles: KeyCount > 0 };
  }

  async start(type: StartType): Promise<void> {
    const { client, replication } = this;
    const { arn } = replication;
    if (this.isServerless) {
      const input = { ReplicationConfigArn: arn, StartReplicationType: type };
      await client.send(new StartReplicationCommand(input));
    } else {
      const input = { ReplicationTaskArn: arn, StartReplicationTaskType: type };
      await client.send(new StartReplicationTaskCommand(input));
    }
  }

  async stop(): Promise<void> {
    const { client, replication } = this;
    const { arn } = replication;
    if (this.isServerless) {
      await client.send(new StopReplicationCommand({ ReplicationConfigArn: arn }));
    } else {
      await client.send(new StopReplicationTaskCommand({ ReplicationTaskArn: arn }));
    }
  }

  /**
   * Waits until it runs after a start.
   * @throws UserError with DMS's reason where it fails
   */
  async untilRunning(options: WaitOptions): Promise<void> {
    let moved = false;
    const isFinal = (found: Replication) => {
      moved ||= !isStartable(found);
      return found.status === "running" || (moved && isStartable(found));
    };
    const ended = await this.wait(isFinal, "replication to run", options);
    if (ended.status === "running") return;
    throw new UserError(
      `replication ${ended.status === "failed" ? "failed" : "stopped"}: ${ended.reason ?? "DMS gives no reason"}; its log is in CloudWatch, see the dashboard`,
    );
  }

  /** Waits until it is stopped after a stop. */
  async untilStopped(options: WaitOptions): Promise<void> {
    await this.wait(isStartable, "replication to stop", options);
  }

  /** Its tables by name. */
  async tables(): Promise<TableProgress[]> {
    const found: TableStatistics[] = [];
    const config = { client: this.client };
    const { arn } = this.replication;
    try {
      if (this.isServerless) {
        const input = { ReplicationConfigArn: arn };
        for await (const page of paginateDescribeReplicationTableStatistics(config, input))
          found.push(...(page.ReplicationTableStatistics ?? []));
      } else {
        const input = { ReplicationTaskArn: arn };
        for await (const page of paginateDescribeTableStatistics(config, input))
          found.push(...(page.TableStatistics ?? []));
      }
    } catch (error) {
      // What was never started has no statistics.
      if (!isAwsError(error, "InvalidResourceStateFault")) throw error;
    }
    return found.map(tableProgress).sort((one, other) => (one.table < other.table ? -1 : 1));
  }

  private async describeTask(): Promise<Replication | undefined> {
    const { ReplicationTasks = [] } = await this.client.send(
      new DescribeReplicationTasksCommand({
        Filters: filter("replication-task-arn", this.replication.arn),
        WithoutSettings: true,
      }),
    );
    const [task] = ReplicationTasks;
    if (!task) return undefined;
    const stats = task.ReplicationTaskStats;
    return {
      ...progress(stats),
      status: (task.Status ?? "").toLowerCase(),
      hasRun: wasStarted(stats) || task.ReplicationTaskStartDate !== undefined,
      targetEndpointArn: task.TargetEndpointArn ?? "",
      reason: task.LastFailureMessage || task.StopReason,
    };
  }

  private async describeServerless(): Promise<Replication | undefined> {
    const { Replications = [] } = await this.client.send(
      new DescribeReplicationsCommand({
        Filters: filter("replication-config-arn", this.replication.arn),
      }),
    );
    const [found] = Replications;
    if (!found) return undefined;
    const status = (found.Status ?? "").toLowerCase();
    return {
      ...progress(found.ReplicationStats),
      status,
      hasRun: wasStarted(found.ReplicationStats) || ["stopped", "failed"].includes(status),
      targetEndpointArn: found.TargetEndpointArn ?? "",
      reason: found.FailureMessages?.join("; ") || found.StopReason,
    };
  }

  private wait(
    isFinal: (found: Replication) => boolean,
    what: string,
    { everyMs = 10_000, signal, onStatus }: WaitOptions,
  ): Promise<Replication> {
    const ask = async () => {
      const found = await this.describe();
      onStatus?.(found.status);
      return found;
    };
    return poll(ask, isFinal, {
      what,
      everyMs,
      timeoutMs: LONGEST_CHANGE_MS,
      ...(signal ? { signal } : {}),
    });
  }
}

/** What DMS tells of tasks and of serverless replications alike. */
interface Stats {
  readonly FullLoadProgressPercent?: number | undefined;
  readonly FullLoadFinishDate?: Date | undefined;
  readonly FreshStartDate?: Date | undefined;
  readonly FullLoadStartDate?: Date | undefined;
}

function progress(stats: Stats | undefined) {
  return {
    loadPercent: stats?.FullLoadProgressPercent,
    loadFinished: stats?.FullLoadFinishDate !== undefined,
    loadedFrom: stats?.FreshStartDate,
  };
}

function wasStarted(stats: Stats | undefined): boolean {
  return stats?.FreshStartDate !== undefined || stats?.FullLoadStartDate !== undefined;
}

function filter(name: string, value: string) {
  return [{ Name: name, Values: [value] }];
}

function tableProgress(each: TableStatistics): TableProgress {
  return {
    table: `${each.SchemaName}.${each.TableName}`,
    state: each.TableState ?? "",
    loadedRows: each.FullLoadRows ?? 0,
    inserts: each.Inserts ?? 0,
    updates: each.Updates ?? 0,
    deletes: each.Deletes ?? 0,
  };
}
