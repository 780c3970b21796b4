import { dashboardBody } from "../../../model/aws/dashboard";
import { WATCHED } from "./watched-lake";

interface Figure {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  // Properties differ by the kind of widget.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly properties: any;
}

const SETTINGS = { region: "eu-central-1", alarmArns: ["arn:alarm"], bucketRequests: false };
const widgets = (settings = SETTINGS, lake = WATCHED): Figure[] =>
  (dashboardBody(lake, settings) as { widgets: Figure[] }).widgets;
const titled = (title: string, among = widgets()) =>
  among.find(({ properties }) => properties.title.startsWith(title))!.properties;

test("alarms stand on top, then figures in the order of the data's way, three a row", () => {
  const [alarms, ...figures] = widgets();
  expect(alarms!.properties.alarms).toEqual(["arn:alarm"]);
  expect(figures.map(({ properties }) => properties.title)).toEqual([
    "Rows replicated",
    "Change data capture latency (s)",
    "Rows processed",
    "Duration of a run, by step (s)",
    "Executions that succeed (%), 95 wanted",
    "Minutes behind the source, 60 wanted",
    "Valid rows (%), 99 wanted",
    "Quality rules that hold (%), 95 wanted",
    "Quality rules that do not hold, by severity",
    "Queries an hour",
    "Bytes scanned an hour",
    "Size of the buckets (bytes)",
  ]);
  expect(figures.slice(0, 4).map(({ x, y }) => [x, y])).toEqual([
    [0, 3],
    [8, 3],
    [16, 3],
    [0, 9],
  ]);
  expect(new Set(figures.map(({ properties }) => properties.region))).toEqual(
    new Set(["eu-central-1"]),
  );
});

test("more alarms than a widget shows stand in several, above the figures", () => {
  const alarmArns = Array.from({ length: 150 }, (_, index) => `arn:${index}`);
  const [first, second, figure] = widgets({ ...SETTINGS, alarmArns });
  expect([first, second].map((each) => each!.properties.alarms.length)).toEqual([100, 50]);
  expect([...first!.properties.alarms, ...second!.properties.alarms]).toEqual(alarmArns);
  expect([first, second, figure].map((each) => each!.y)).toEqual([0, 3, 6]);
});

test("rows replicated are counted from rows a second", () => {
  const task = ["ReplicationInstanceIdentifier", "saas-dev", "ReplicationTaskIdentifier", "ABC123"];
  expect(titled("Rows replicated").metrics.slice(0, 2)).toEqual([
    [
      "AWS/DMS",
      "CDCThroughputRowsTarget",
      ...task,
      { stat: "Average", id: "changes", visible: false },
    ],
    [{ expression: "changes * PERIOD(changes)", label: "changes" }],
  ]);
});

test("success, validity, quality and freshness are drawn against what is wanted", () => {
  const level = (title: string) => titled(title).annotations.horizontal[0].value;
  expect(
    ["Executions that succeed", "Valid rows", "Quality rules", "Minutes behind"].map(level),
  ).toEqual([95, 99, 95, 60]);
  const { metrics, period } = titled("Executions that succeed");
  expect(metrics.at(-1)).toEqual([
    {
      expression:
        "100 * FILL(succeeded, 0) / (FILL(succeeded, 0) + FILL(failed, 0) + FILL(timedOut, 0) + FILL(aborted, 0))",
      label: "succeeded",
    },
  ]);
  expect(period).toBe(86400);
});

test("what is not known by name is searched for by its dimensions", () => {
  const expressions = (title: string) =>
    titled(title).metrics.map(([line]: [{ expression: string }]) => line.expression);
  expect(expressions("Duration of a run")).toEqual([
    `SEARCH('{Lakewright/saas/dev,Environment,Lake,Step} MetricName="StepSeconds" Lake="saas" Environment="dev"', 'Maximum', 300)`,
  ]);
  expect(expressions("Queries an hour")).toEqual([
    `SEARCH('{AWS/Athena,QueryState,QueryType,WorkGroup} MetricName="TotalExecutionTime" WorkGroup="saas-dev"', 'SampleCount', 3600)`,
  ]);
  expect(expressions("Size of the buckets")).toEqual([
    `SUM(SEARCH('{AWS/S3,BucketName,StorageType} MetricName="BucketSizeBytes" BucketName="saas-dev-bronze-1"', 'Average', 86400))`,
  ]);
});

test("requests are shown where the buckets report them, queries where there are workgroups", () => {
  const requests = titled(
    "Requests to the buckets",
    widgets({ ...SETTINGS, bucketRequests: true }),
  );
  expect(requests.metrics).toEqual([
    [
      "AWS/S3",
      "AllRequests",
      "BucketName",
      "saas-dev-bronze-1",
      "FilterId",
      "EntireBucket",
      { stat: "Sum", label: "bronze" },
    ],
  ]);
  const titles = widgets(SETTINGS, { ...WATCHED, workgroups: [] }).map(
    ({ properties }) => properties.title,
  );
  expect(titles).not.toContain("Queries an hour");
});
