import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { policyDocument, serviceTrust } from "./policy-document";

export interface SchedulesArgs {
  readonly pipeline: aws.sfn.StateMachine;
  readonly maintenance: aws.sfn.StateMachine;
  /** Minutes from one execution of the pipeline to the next. @default something else starts it */
  readonly everyMinutes?: number;
  /** Whether they start executions. @default true */
  readonly enabled?: boolean;
  /** When tables are maintained (EventBridge Scheduler, UTC). @default nightly at 2:30 */
  readonly maintenanceAt?: string;
  /** When all of bronze is listed for late files. @default Sundays at 4:30 */
  readonly relistingAt?: string;
}

/** Steps of the nightly run. Silver and gold first: no arrival may have told of the last files. */
const MAINTENANCE_STEPS = "silver,gold,maintain";
const RELISTING_STEPS = "relist,gold";

/** When a lake's state machines are started by the clock. */
export class Schedules extends pulumi.ComponentResource {
  readonly role: aws.iam.Role;
  readonly schedules: readonly aws.scheduler.Schedule[];
  private readonly policy: aws.iam.RolePolicy;

  constructor(
    private readonly name: string,
    private readonly args: SchedulesArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("lakewright:orchestration:Schedules", name, {}, opts);
    const { pipeline, maintenance, everyMinutes } = args;
    this.role = this.createRole();
    this.policy = this.createPolicy();
    this.schedules = [
      ...(everyMinutes === undefined
        ? []
        : [this.schedule("pipeline", rate(everyMinutes), pipeline, { trigger: "schedule" })]),
      this.schedule("maintenance", args.maintenanceAt ?? "cron(30 2 * * ? *)", maintenance, {
        steps: MAINTENANCE_STEPS,
      }),
      this.schedule("relisting", args.relistingAt ?? "cron(30 4 ? * SUN *)", maintenance, {
        steps: RELISTING_STEPS,
      }),
    ];
    this.registerOutputs({ roleArn: this.role.arn });
  }

  private createRole(): aws.iam.Role {
    const { accountId } = aws.getCallerIdentityOutput({}, { parent: this });
    return new aws.iam.Role(
      `${this.name}-schedule`,
      { assumeRolePolicy: serviceTrust("scheduler.amazonaws.com", accountId) },
      { parent: this },
    );
  }

  private createPolicy(): aws.iam.RolePolicy {
    const { pipeline, maintenance } = this.args;
    return new aws.iam.RolePolicy(
      `${this.name}-schedule`,
      {
        role: this.role.id,
        policy: policyDocument([
          {
            Sid: "StartExecution",
            Effect: "Allow",
            Action: "states:StartExecution",
            Resource: [pipeline.arn, maintenance.arn],
          },
        ]),
      },
      { parent: this.role },
    );
  }

  private schedule(
    kind: string,
    when: string,
    target: aws.sfn.StateMachine,
    input: object,
  ): aws.scheduler.Schedule {
    return new aws.scheduler.Schedule(
      `${this.name}-${kind}`,
      {
        scheduleExpression: when,
        flexibleTimeWindow: { mode: "OFF" },
        state: (this.args.enabled ?? true) ? "ENABLED" : "DISABLED",
        target: { arn: target.arn, roleArn: this.role.arn, input: JSON.stringify(input) },
      },
      { parent: this, dependsOn: this.policy },
    );
  }
}

/** A rate as EventBridge Scheduler writes it. */
function rate(minutes: number): string {
  return minutes === 1 ? "rate(1 minute)" : `rate(${minutes} minutes)`;
}
