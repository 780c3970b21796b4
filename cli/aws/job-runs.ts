import { GetJobRunsCommand, type GlueClient } from "@aws-sdk/client-glue";

/** One run of the lake's job. */
export interface JobRun {
  readonly id: string;
  /** As AWS Glue names it: `RUNNING`, `SUCCEEDED`, `FAILED`. */
  readonly state: string;
  readonly started?: Date | undefined;
  /** Seconds that it ran. */
  readonly seconds: number;
  /** What it is billed for, once AWS Glue says so. */
  readonly dpuHours?: number | undefined;
  readonly steps?: string | undefined;
  /** Whether it goes on for a time, instead of running steps once. */
  readonly watches: boolean;
  readonly error?: string | undefined;
}

/** The newest runs of a job, newest first. */
export async function jobRuns(glue: GlueClient, job: string, count: number): Promise<JobRun[]> {
  const { JobRuns = [] } = await glue.send(
    new GetJobRunsCommand({ JobName: job, MaxResults: count }),
  );
  return JobRuns.map((run) => ({
    id: run.Id ?? "",
    state: run.JobRunState ?? "",
    started: run.StartedOn,
    seconds: run.ExecutionTime ?? 0,
    dpuHours: run.DPUSeconds === undefined ? undefined : run.DPUSeconds / 3600,
    steps: run.Arguments?.["--steps"],
    watches: run.Arguments?.["--mode"] === "watch",
    error: run.ErrorMessage,
  }));
}
