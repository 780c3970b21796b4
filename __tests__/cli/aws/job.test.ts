import { deployedCli } from "./deployed-cli";
import { outputsFile } from "./deployed-values";

const { aws, lake } = deployedCli();

describe("job", () => {
  const execution = (status: string, more: object = {}) => ({
    executionArn: "arn:run",
    status,
    startDate: 1_790_000_000,
    ...(status === "RUNNING" ? {} : { stopDate: 1_790_000_065 }),
    ...more,
  });
  const history = () => ({
    events: [{ stateEnteredEventDetails: { name: "Silver and gold" }, type: "TaskStateEntered" }],
  });

  test("starts a pass", async () => {
    aws.reset({ StartExecution: () => ({ executionArn: "arn:run" }) });
    expect(await lake("job run")).toBe("started arn:run");
    expect(aws.inputs("StartExecution")[0]).toMatchObject({
      stateMachineArn: "arn:aws:states:us-west-2:123456789012:stateMachine:saas-dev",
    });
  });

  test("has the steps named run by the machine that takes them", async () => {
    aws.reset({ StartExecution: () => ({ executionArn: "arn:run" }) });
    await lake("job run --steps silver,gold");
    expect(aws.inputs("StartExecution")).toEqual([
      {
        stateMachineArn: "arn:aws:states:us-west-2:123456789012:stateMachine:saas-dev-maintenance",
        input: '{"steps":"silver,gold"}',
      },
    ]);
  });

  test("refuses a step that there is not, before AWS is asked", async () => {
    aws.reset({});
    await expect(lake("job run --steps sliver")).rejects.toThrow("did you mean silver?");
    expect(aws.calls).toEqual([]);
  });

  test("waits for the end, and fails with the run's own message", async () => {
    aws.reset({
      StartExecution: () => ({ executionArn: "arn:run" }),
      DescribeExecution: () =>
        execution("FAILED", {
          error: "States.TaskFailed",
          cause: JSON.stringify({ JobRunState: "FAILED", ErrorMessage: "no space left" }),
        }),
      GetExecutionHistory: history,
    });
    const output = await lake("job run --wait");
    expect(output).toContain("failed after 1 min 5 s");
    expect(output).toContain("States.TaskFailed: no space left");
    expect(process.exitCode).toBe(1);
  });

  test("shows the newest executions and runs with what they were billed for", async () => {
    aws.reset({
      ListExecutions: ({ stateMachineArn }) => ({
        executions: String(stateMachineArn).endsWith("maintenance")
          ? []
          : [{ ...execution("SUCCEEDED"), name: "one", stateMachineArn }],
      }),
      GetJobRuns: () => ({
        JobRuns: [{ Id: "jr_1", JobRunState: "FAILED", DPUSeconds: 1800, ErrorMessage: "broken" }],
      }),
    });
    const output = await lake("job status");
    expect(output).toMatch(/pipeline +SUCCEEDED +2026-09-21 14:13:20 +1 min 5 s/);
    expect(output).toMatch(/jr_1 +FAILED .* 0\.50/);
    expect(output).toContain("jr_1: broken");
  });
});

describe("crawl", () => {
  test("starts every crawler; one that runs is as good", async () => {
    aws.reset({
      StartCrawler: ({ Name }) =>
        Name === "saas-dev-bronze" ? {} : { awsError: "CrawlerRunningException" },
    });
    expect(await lake("crawl")).toBe("bronze: started\nsilver-hudi: runs already");
  });

  test("names the crawlers there are", async () => {
    aws.reset({});
    await expect(lake("crawl gold")).rejects.toThrow("expected one of bronze, silver-hudi");
    await expect(lake("crawl", outputsFile({ crawlers: {} }))).rejects.toThrow(
      "the lake has no crawlers",
    );
  });
});
