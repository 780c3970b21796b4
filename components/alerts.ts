import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { UserError } from "../model/errors";
import { alertEncryption, alertPublication } from "./alert-policy";
import { policyDocument } from "./policy-document";
import { serviceKey } from "./service-key";

/** A tag by which cost is told apart. */
export interface CostTag {
  readonly key: string;
  readonly value: string;
}

export interface AlertsArgs {
  /**
   * E-mail addresses that alerts go to; each confirms its subscription by the link it is sent.
   * @default none
   */
  readonly emails?: readonly string[];
  /**
   * USD a month, at 80 and 100 percent of which, and when the forecast exceeds it, alerts are sent.
   * @default no budget
   */
  readonly monthlyBudgetUsd?: number;
  /**
   * The tag whose resources the budget counts; it must be activated as a cost allocation tag in the
   * account that pays, and counts from then on.
   * @default the whole account's cost
   */
  readonly costTag?: CostTag;
  /**
   * Whether the key may be deleted, after 7 days instead of 30.
   * @default false
   */
  readonly destroyable?: boolean;
}

/** Percent of the budget that alerts are sent at: of what was spent, and of what will be. */
const BUDGET_ALERTS = [
  { notificationType: "ACTUAL", threshold: 80 },
  { notificationType: "ACTUAL", threshold: 100 },
  { notificationType: "FORECASTED", threshold: 100 },
];

/** Where alerts go: an encrypted topic, its subscribers, and a monthly budget that alerts too. */
export class Alerts extends pulumi.ComponentResource {
  /** Encrypts the topic; who publishes by a role of theirs needs it too. */
  readonly key: aws.kms.Key;
  readonly topic: aws.sns.Topic;
  readonly subscriptions: readonly aws.sns.TopicSubscription[];
  readonly budget?: aws.budgets.Budget;

  /** @throws UserError if the budget is not above zero, or a tag is given without one. */
  constructor(
    private readonly name: string,
    private readonly args: AlertsArgs = {},
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("lakewright:alerts:Alerts", name, {}, opts);
    this.checkBudget();
    const { accountId } = aws.getCallerIdentityOutput({}, { parent: this });
    this.key = this.createKey(accountId);
    this.topic = this.createTopic();
    const policy = this.createTopicPolicy(accountId);
    this.subscriptions = (args.emails ?? []).map((email) => this.subscribe(email));
    if (args.monthlyBudgetUsd !== undefined) {
      this.budget = this.createBudget(args.monthlyBudgetUsd, policy);
    }
    this.registerOutputs({ topicArn: this.topic.arn });
  }

  private checkBudget(): void {
    const { monthlyBudgetUsd, costTag } = this.args;
    if (monthlyBudgetUsd !== undefined && !(monthlyBudgetUsd > 0)) {
      throw new UserError(
        `alerts "${this.name}": monthlyBudgetUsd is ${monthlyBudgetUsd}; give more than 0, or leave it out for no budget`,
      );
    }
    if (monthlyBudgetUsd === undefined && costTag) {
      throw new UserError(
        `alerts "${this.name}": costTag without monthlyBudgetUsd has no effect; give both or neither`,
      );
    }
  }

  private createKey(account: pulumi.Output<string>): aws.kms.Key {
    return serviceKey(`${this.name}-alerts-key`, {
      parent: this,
      description: `Alerts of ${this.name}`,
      account,
      statements: alertEncryption(account),
      destroyable: this.args.destroyable ?? false,
    });
  }

  private createTopic(): aws.sns.Topic {
    return new aws.sns.Topic(
      `${this.name}-alerts`,
      { displayName: `${this.name} alerts`, kmsMasterKeyId: this.key.arn },
      { parent: this },
    );
  }

  private createTopicPolicy(account: pulumi.Output<string>): aws.sns.TopicPolicy {
    const { arn } = this.topic;
    return new aws.sns.TopicPolicy(
      `${this.name}-alerts`,
      { arn, policy: policyDocument(alertPublication(arn, account)) },
      { parent: this.topic },
    );
  }

  private subscribe(email: string): aws.sns.TopicSubscription {
    return new aws.sns.TopicSubscription(
      `${this.name}-${email}`,
      { topic: this.topic.arn, protocol: "email", endpoint: email },
      { parent: this.topic },
    );
  }

  private createBudget(usd: number, topicPolicy: aws.sns.TopicPolicy): aws.budgets.Budget {
    const { costTag } = this.args;
    return new aws.budgets.Budget(
      `${this.name}-monthly`,
      {
        budgetType: "COST",
        timeUnit: "MONTHLY",
        limitAmount: String(usd),
        limitUnit: "USD",
        costFilters: costTag
          ? [{ name: "TagKeyValue", values: [`user:${costTag.key}$${costTag.value}`] }]
          : [],
        notifications: BUDGET_ALERTS.map((alert) => ({
          ...alert,
          thresholdType: "PERCENTAGE",
          comparisonOperator: "GREATER_THAN",
          subscriberSnsTopicArns: [this.topic.arn],
        })),
      },
      { parent: this, dependsOn: topicPolicy },
    );
  }
}
