import {
  scheduleProblem,
  shareUser,
  starterStatements,
  taskOptions,
  transferFilters,
  transferStatements,
} from "../../../model/aws/transfer";

test("a task copies what is new or changed, checks it, and deletes nothing", () => {
  expect(taskOptions({})).toEqual({
    transferMode: "CHANGED",
    overwriteMode: "ALWAYS",
    preserveDeletedFiles: "PRESERVE",
    verifyMode: "ONLY_FILES_TRANSFERRED",
    bytesPerSecond: -1,
    taskQueueing: "ENABLED",
    logLevel: "BASIC",
    mtime: "PRESERVE",
    atime: "BEST_EFFORT",
    uid: "NONE",
    gid: "NONE",
    posixPermissions: "NONE",
    preserveDevices: "NONE",
    objectTags: "NONE",
  });
  expect(
    taskOptions({ mbPerSecond: 1.5, verifyMode: "POINT_IN_TIME_CONSISTENT", overwrite: false }),
  ).toMatchObject({
    overwriteMode: "NEVER",
    preserveDeletedFiles: "PRESERVE",
    verifyMode: "POINT_IN_TIME_CONSISTENT",
    bytesPerSecond: 1_572_864,
  });
});

const HELD_BACK =
  "*/.*|*/_*|*/~*|*.tmp|*.TMP|*.part|*.PART|*.partial|*.PARTIAL|*.filepart|*.FILEPART|*.crdownload|*.CRDOWNLOAD|*.swp|*.SWP|*~|*:*";

test("the tables' folders are transferred, of them nothing hidden or unfinished", () => {
  expect(transferFilters(["customers", "sales_orders"], [])).toEqual({
    includes: { filterType: "SIMPLE_PATTERN", value: "/customers|/sales_orders" },
    excludes: { filterType: "SIMPLE_PATTERN", value: HELD_BACK },
  });
  expect(transferFilters(["a|b*"], ["*.bak"])).toMatchObject({
    includes: { value: "/a\\|b\\*" },
    excludes: { value: `${HELD_BACK}|*.bak` },
  });
});

test.each(["rate(1 hour)", "rate(60 minutes)", "rate(2 days)", "cron(0 6 ? * MON-FRI *)"])(
  "%s is a schedule",
  (expression) => {
    expect(scheduleProblem(expression)).toBeUndefined();
  },
);

test.each([
  ["rate(59 minutes)", /more often than hourly/],
  ["cron(0/15 * * * ? *)", /more often than hourly/],
  ["cron(* * * * ? *)", /more often than hourly/],
  ["rate(0 hours)", /expected rate/],
  ["hourly", /expected rate/],
  ["cron(0 6 * * ?)", /expected rate/],
])("%s is no schedule of DataSync", (expression, problem) => {
  expect(scheduleProblem(expression)).toMatch(problem);
});

test("DataSync writes below the prefix and reports below theirs, and nothing else", () => {
  const rights = {
    bucket: "arn:aws:s3:::bronze",
    prefix: "files/",
    key: "arn:key",
    reports: { bucket: "arn:aws:s3:::logs", prefix: "datasync/" },
  };
  const resources = transferStatements(rights).map(({ Sid, Resource }) => [Sid, Resource]);
  expect(resources).toEqual([
    ["ListBucket", "arn:aws:s3:::bronze"],
    ["WriteFiles", "arn:aws:s3:::bronze/files/*"],
    ["WriteReports", "arn:aws:s3:::logs/datasync/*"],
    ["UseKey", "arn:key"],
  ]);
  const actions = transferStatements(rights).flatMap(({ Action }) => Action);
  expect(actions.filter((action) => /Version|Acl|Policy/.test(action))).toEqual([
    "s3:GetObjectVersion",
    "s3:GetObjectVersionTagging",
  ]);
  const least = transferStatements({ bucket: rights.bucket, prefix: rights.prefix });
  expect(least.map(({ Sid }) => Sid)).toEqual(["ListBucket", "WriteFiles"]);
});

test("who may start a transfer may do that one's alone", () => {
  expect(starterStatements("arn:task/task-1")).toEqual([
    {
      Sid: "StartTransfer",
      Effect: "Allow",
      Action: [
        "datasync:StartTaskExecution",
        "datasync:DescribeTask",
        "datasync:DescribeTaskExecution",
      ],
      Resource: ["arn:task/task-1", "arn:task/task-1/execution/*"],
    },
  ]);
});

test("a share's user is in the secret, with a domain or without", () => {
  const user = { username: "lake", password: "p|w" };
  expect(shareUser(JSON.stringify(user), "arn:secret")).toEqual({ ...user, domain: undefined });
  const ofDomain = { ...user, domain: "corp.example.com" };
  expect(shareUser(JSON.stringify(ofDomain), "arn:secret")).toEqual(ofDomain);
});

test.each(["p|w", '{"username":"lake"}', "null", '["lake"]'])(
  "a secret of another form is refused without its text: %s",
  (text) => {
    const read = () => shareUser(text, "arn:secret");
    expect(read).toThrow("the secret arn:secret of the file server: expected JSON with username");
    expect(read).not.toThrow(text);
  },
);
