import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import type { Alarm } from "../model/aws/alarms";

type Id = pulumi.Input<string>;

/** What an alarm compares, as the resource wants it: one metric, or an expression over several. */
export function alarmMeasure({
  measured,
  description,
  periodSeconds,
}: Alarm<Id>): Partial<aws.cloudwatch.MetricAlarmArgs> {
  if (!("expression" in measured)) {
    const { namespace, name, dimensions, statistic } = measured;
    return { namespace, metricName: name, dimensions, statistic, period: periodSeconds };
  }
  const metrics = Object.entries(measured.metrics).map(
    ([id, { namespace, name, dimensions, statistic }]) => ({
      id,
      metric: { namespace, metricName: name, dimensions, stat: statistic, period: periodSeconds },
    }),
  );
  const result = { id: "result", expression: measured.expression, label: description };
  return { metricQueries: [{ ...result, returnData: true }, ...metrics] };
}
