import { type CostSettings, WORKER_DPUS, type WorkerType } from "../model/aws/cost-settings";
import { DMS_CLASSES, type DmsClass, TRIAL_CLASSES, type TrialClass } from "../model/aws/prices";
import { UserError } from "../model/errors";
import type { LakeSettings } from "./lake-settings";
import type { Registered } from "./record-resources";

type Inputs = Registered["inputs"];

/**
 * What decides the cost of an environment with one lake: read from the resources that it registers,
 * so that the components' defaults are in it, and how often runs start from the settings.
 * @param minutes between runs of silver, and between those that refresh gold
 * @throws UserError for a class or a worker type that has no price in model/aws/prices.json
 */
export function costSettings(
  registered: readonly Registered[],
  settings: LakeSettings,
  minutes: { readonly silver: number; readonly gold: number },
): CostSettings {
  const stack = new Stack(registered);
  return {
    silverMinutes: minutes.silver,
    goldMinutes: minutes.gold,
    job: settings.job.watch ? "continuous" : "scheduled",
    trigger: settings.trigger === "arrival" ? "arrival" : "clock",
    ...jobSettings(stack),
    ...crawlerSettings(stack, settings, minutes.silver),
    ...replicationSettings(stack),
    ...transferSettings(stack),
    ...networkSettings(stack),
    ...keptSettings(stack),
    ...watchSettings(stack),
    ...trialSettings(stack),
  };
}

/** The registered inputs by type. */
class Stack {
  constructor(private readonly registered: readonly Registered[]) {}

  all(type: string): Inputs[] {
    return this.registered.filter((each) => each.type === type).map(({ inputs }) => inputs);
  }

  one(type: string): Inputs | undefined {
    return this.all(type)[0];
  }

  named(type: string, ending: string): Inputs | undefined {
    return this.registered.find((each) => each.type === type && each.name.endsWith(ending))?.inputs;
  }
}

function jobSettings(stack: Stack) {
  const job = stack.one("aws:glue/job:Job");
  return {
    executionClass: job.executionClass as CostSettings["executionClass"],
    workerType: priced(job.workerType, Object.keys(WORKER_DPUS) as WorkerType[], "job.workerType"),
    workers: job.numberOfWorkers as number,
    tableMetrics: job.defaultArguments["--metrics"] === "tables",
  };
}

function crawlerSettings(stack: Stack, { crawlers }: LakeSettings, freshnessMinutes: number) {
  const runs = { onDemand: 0, afterRuns: (24 * 60) / freshnessMinutes };
  return {
    crawlers: stack.all("aws:glue/crawler:Crawler").length,
    // An expression of cron counts as daily.
    crawlerRunsPerDay: crawlers ? (runs[crawlers.when as keyof typeof runs] ?? 1) : 0,
  };
}

function replicationSettings(stack: Stack) {
  const instance = stack.one("aws:dms/replicationInstance:ReplicationInstance");
  if (instance) {
    const dmsClass: DmsClass = priced(
      instance.replicationInstanceClass,
      DMS_CLASSES,
      "replication.instanceClass",
    );
    return {
      replication: "instance" as const,
      dmsClass,
      dmsStorageGb: instance.allocatedStorage as number,
      multiAz: instance.multiAz as boolean,
      publicDms: instance.publiclyAccessible as boolean,
      serverlessUnits: 1,
      dmsHoursPerDay: 24,
    };
  }
  const { computeConfig } = stack.one("aws:dms/replicationConfig:ReplicationConfig");
  return {
    replication: "serverless" as const,
    // What an instance would be, for the comparison.
    dmsClass: "dms.t3.medium" as const,
    dmsStorageGb: 50,
    multiAz: computeConfig.multiAz as boolean,
    publicDms: false,
    serverlessUnits: computeConfig.minCapacityUnits as number,
    dmsHoursPerDay: 24,
  };
}

function transferSettings(stack: Stack) {
  const task = stack.one("aws:datasync/task:Task");
  return {
    fileTransfer: task !== undefined,
    transfersPerDay: runsPerDay(task?.schedule?.scheduleExpression as string | undefined),
  };
}

const HOURS_OF = { minute: 1 / 60, hour: 1, day: 24 } as const;

/** Of an expression of cron the hours count: those it lists, or every one of the day. */
function runsPerDay(expression: string | undefined): number {
  if (expression === undefined) return 0;
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  if (rate) return 24 / (Number(rate[1]) * HOURS_OF[rate[2] as keyof typeof HOURS_OF]);
  const [, hours = "*"] = /^cron\(\S+ (\S+)/.exec(expression) ?? [];
  return hours.includes("*") || hours.includes("/") || hours.includes("-")
    ? 24
    : hours.split(",").length;
}

function networkSettings(stack: Stack) {
  const vpc = stack.one("awsx:ec2:Vpc");
  const zones: number = vpc?.numberOfAvailabilityZones ?? 2;
  const gateways: Record<string, number> = { None: 0, Single: 1, OnePerAz: zones };
  const endpoints = stack
    .all("aws:ec2/vpcEndpoint:VpcEndpoint")
    .filter(({ vpcEndpointType }) => vpcEndpointType === "Interface");
  return {
    interfaceEndpoints: endpoints.length,
    zones: (endpoints[0]?.subnetIds.length as number | undefined) ?? zones,
    // Those of a VPC that was there before are paid for without the lake.
    natGateways: vpc ? gateways[vpc.natGateways.strategy]! : 0,
  };
}

function keptSettings(stack: Stack) {
  const keys = stack.all("aws:kms/key:Key").length;
  const lakeHasKey =
    stack.one("aws:glue/securityConfiguration:SecurityConfiguration") !== undefined;
  const rulesOf = (layer: string): Inputs[] => {
    const type = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
    return (stack.named(type, `-${layer}`) ?? stack.named(type, "-data")).rules as Inputs[];
  };
  const oldVersionDays = (layer: string): number => {
    const rules = rulesOf(layer);
    const its = rules.find(({ id }) => id === `old-versions-${layer}`) ?? rules[0]!;
    return its.noncurrentVersionExpiration.noncurrentDays as number;
  };
  const transitions = (rulesOf("bronze").find(({ transitions }) => transitions)?.transitions ??
    []) as { storageClass: string; days: number }[];
  const daysUntil = (storageClass: string) =>
    transitions.find((each) => each.storageClass === storageClass)?.days;
  const managed = stack
    .all("aws:rds/instance:Instance")
    .filter(({ manageMasterUserPassword }) => manageMasterUserPassword);
  return {
    encryption: lakeHasKey ? ("kms" as const) : ("s3" as const),
    otherKeys: keys - (lakeHasKey ? 1 : 0),
    secrets: stack.all("aws:secretsmanager/secret:Secret").length + managed.length,
    bronzeTransitions: {
      infrequentAccessDays: daysUntil("STANDARD_IA"),
      glacierInstantDays: daysUntil("GLACIER_IR"),
    },
    oldVersionDays: { silver: oldVersionDays("silver"), gold: oldVersionDays("gold") },
  };
}

function watchSettings(stack: Stack) {
  const metrics = stack
    .all("aws:cloudwatch/metricAlarm:MetricAlarm")
    .map(({ metricQueries }) =>
      metricQueries ? metricQueries.filter(({ metric }: Inputs) => metric).length : 1,
    );
  const selectors = stack
    .all("aws:cloudtrail/trail:Trail")
    .flatMap(({ advancedEventSelectors }) => advancedEventSelectors as Inputs[]);
  return {
    alarmMetrics: metrics.reduce((sum, count) => sum + count, 0),
    dashboards: stack.all("aws:cloudwatch/dashboard:Dashboard").length,
    requestMetrics: stack.all("aws:s3/bucketMetric:BucketMetric").length > 0,
    dataEvents: selectors.some(({ fieldSelectors }) =>
      fieldSelectors.some(({ equals }: Inputs) => equals?.includes("Data")),
    ),
  };
}

function trialSettings(stack: Stack) {
  const trial = stack.one("aws:rds/instance:Instance");
  const trialDatabase: TrialClass | null = trial
    ? priced(trial.instanceClass, TRIAL_CLASSES, "source.trial.instanceClass")
    : null;
  return { trialDatabase, trialStorageGb: (trial?.allocatedStorage as number | undefined) ?? 20 };
}

function priced<T extends string>(value: string, known: readonly T[], setting: string): T {
  if ((known as readonly string[]).includes(value)) return value as T;
  throw new UserError(
    `${setting} is ${value}, which has no price in model/aws/prices.json; expected one of ${known.join(", ")}`,
  );
}
