import type { AlarmThresholds } from "../../../model/aws/alarms";
import { type MonitoredLake, replicationDimensions } from "../../../model/aws/metrics";

/** A lake as AWS has it, for the tests of alarms and dashboard. */
export const WATCHED: MonitoredLake = {
  lake: "saas",
  environment: "dev",
  freshnessMinutes: 60,
  qualityThreshold: 0.95,
  replication: replicationDimensions({
    instanceId: "saas-dev",
    taskArn: "arn:aws:dms:eu-central-1:123456789012:task:ABC123",
  }),
  trigger: "schedule",
  stateMachineArn: "arn:aws:states:eu-central-1:123456789012:stateMachine:saas-dev",
  maintenanceArn: "arn:aws:states:eu-central-1:123456789012:stateMachine:saas-dev-maintenance",
  workgroups: ["saas-dev"],
  buckets: { bronze: "saas-dev-bronze-1" },
};

export const THRESHOLDS: AlarmThresholds = {
  latencySeconds: 1800,
  failedQueriesPerHour: 10,
  scannedGbPerHour: 250,
  bucketGb: 500,
  continuousReplication: true,
};
