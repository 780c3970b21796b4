import { deployedCli } from "./deployed-cli";
import { outputsFile } from "./deployed-values";

const { aws, lake } = deployedCli();

const TASK = "arn:aws:datasync:us-west-2:123456789012:task/task-1";
const EXECUTION = `${TASK}/execution/exec-1`;
const FILES = { location: "s3://saas-bronze/files/", taskArn: TASK, starterRoleArn: null };

const sync = (files: typeof FILES | null = FILES) => lake("files sync", outputsFile({ files }));

function ends(execution: object): void {
  aws.reset({
    DescribeTask: () => ({ Status: "AVAILABLE" }),
    StartTaskExecution: () => ({ TaskExecutionArn: EXECUTION }),
    DescribeTaskExecution: () => execution,
  });
}

afterEach(() => {
  process.exitCode = undefined;
});

test("starts a transfer and says what it brought", async () => {
  ends({
    Status: "SUCCESS",
    FilesTransferred: 3,
    FilesVerified: 3,
    BytesWritten: 12_300_000,
    Result: { TotalDuration: 65_000 },
  });
  expect(await sync()).toBe(
    `started ${EXECUTION}\nsucceeded after 1 min 5 s: 3 files and folders, 12 MB, 3 verified`,
  );
  expect(aws.inputs("StartTaskExecution")).toEqual([{ TaskArn: TASK }]);
  expect(aws.inputs("DescribeTaskExecution")).toEqual([{ TaskExecutionArn: EXECUTION }]);
  expect(process.exitCode).toBeUndefined();
});

test("a transfer that runs already is waited for before another is started", async () => {
  const scheduled = `${TASK}/execution/exec-0`;
  let ended = false;
  aws.reset({
    DescribeTask: () => ({ Status: "RUNNING", CurrentTaskExecutionArn: scheduled }),
    StartTaskExecution: () =>
      ended
        ? { TaskExecutionArn: EXECUTION }
        : { awsError: "InvalidRequestException", message: "an execution is in progress" },
    DescribeTaskExecution: () => {
      ended = true;
      return { Status: "SUCCESS", FilesTransferred: 1 };
    },
  });
  expect(await sync()).toMatch(
    `waiting for ${scheduled}, which runs and may have begun before the newest files\nstarted ${EXECUTION}\n`,
  );
  expect(aws.inputs("DescribeTask")).toEqual([{ TaskArn: TASK }]);
  expect(aws.inputs("DescribeTaskExecution")).toEqual([
    { TaskExecutionArn: scheduled },
    { TaskExecutionArn: EXECUTION },
  ]);
});

test("a transfer that fails says why, with exit code 1", async () => {
  ends({
    Status: "ERROR",
    FilesTransferred: 2,
    Result: { ErrorCode: "VerificationFailed", ErrorDetail: "a file changed meanwhile" },
  });
  const output = await sync();
  expect(output).toContain("failed after 0.0 s: 2 files and folders, 0 B, 0 verified");
  expect(output).toContain("VerificationFailed: a file changed meanwhile");
  expect(process.exitCode).toBe(1);
});

test("a transfer that DataSync refuses has a remedy", async () => {
  aws.reset({
    DescribeTask: () => ({ Status: "UNAVAILABLE" }),
    StartTaskExecution: () => ({ awsError: "InvalidRequestException", message: "unavailable" }),
  });
  await expect(sync()).rejects.toThrow(/unavailable; look whether its agents are online/);
});

test("a lake without a task says where files may be put, one without files that it has none", async () => {
  aws.reset({});
  await expect(
    lake("files sync", outputsFile({ files: { ...FILES, taskArn: null } })),
  ).rejects.toThrow("put them there: aws s3 cp <file> s3://saas-bronze/files/<folder>/");
  await expect(sync(null)).rejects.toThrow("the lake has no files");
});
