import { Alerts } from "../../components/alerts";
import { recordResources, type Registered, settled } from "../pulumi-mocks";

let registered: Registered[];

beforeEach(() => {
  registered = recordResources();
});

const inputsOf = (type: string) =>
  registered.filter((resource) => resource.type === type).map(({ inputs }) => inputs);
const statementsOf = (policy: string) => JSON.parse(policy).Statement;
const OF_ACCOUNT = { StringEquals: { "aws:SourceAccount": "123456789012" } };

test("alarms, budgets and events may publish to the encrypted topic, nobody without TLS", async () => {
  new Alerts("dev");
  await settled();
  expect(inputsOf("aws:sns/topic:Topic")).toEqual([
    { displayName: "dev alerts", kmsMasterKeyId: "arn:aws:mock:::dev-alerts-key" },
  ]);
  const [policy] = inputsOf("aws:sns/topicPolicy:TopicPolicy");
  const publish = (sid: string, service: string) => ({
    Sid: sid,
    Effect: "Allow",
    Principal: { Service: service },
    Action: "sns:Publish",
    Resource: "arn:aws:mock:::dev-alerts",
  });
  expect(statementsOf(policy.policy)).toEqual([
    { ...publish("Alarms", "cloudwatch.amazonaws.com"), Condition: OF_ACCOUNT },
    { ...publish("Budgets", "budgets.amazonaws.com"), Condition: OF_ACCOUNT },
    publish("Events", "events.amazonaws.com"),
    {
      Sid: "TlsOnly",
      Effect: "Deny",
      Principal: "*",
      Action: "sns:Publish",
      Resource: "arn:aws:mock:::dev-alerts",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ]);
});

test("the key lets the senders encrypt; EventBridge without a condition, which it would not meet", async () => {
  new Alerts("dev");
  await settled();
  const [key] = inputsOf("aws:kms/key:Key");
  expect(key).toMatchObject({ enableKeyRotation: true, deletionWindowInDays: 30 });
  const use = { Effect: "Allow", Action: ["kms:GenerateDataKey", "kms:Decrypt"], Resource: "*" };
  expect(statementsOf(key.policy).slice(1)).toEqual([
    {
      ...use,
      Sid: "Alarms",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Condition: OF_ACCOUNT,
    },
    {
      ...use,
      Sid: "Budgets",
      Principal: { Service: "budgets.amazonaws.com" },
      Condition: OF_ACCOUNT,
    },
    { ...use, Sid: "Events", Principal: { Service: "events.amazonaws.com" } },
  ]);
});

test("every address is subscribed; by default there are neither subscribers nor a budget", async () => {
  new Alerts("a");
  new Alerts("b", { emails: ["data@example.com"] });
  await settled();
  expect(inputsOf("aws:sns/topicSubscription:TopicSubscription")).toEqual([
    { topic: "arn:aws:mock:::b-alerts", protocol: "email", endpoint: "data@example.com" },
  ]);
  expect(inputsOf("aws:budgets/budget:Budget")).toEqual([]);
});

test("the budget alerts on what was spent and on what will be, by tag", async () => {
  new Alerts("dev", {
    monthlyBudgetUsd: 80,
    costTag: { key: "environment", value: "dev" },
    destroyable: true,
  });
  new Alerts("all", { monthlyBudgetUsd: 100 });
  await settled();
  const [dev, all] = inputsOf("aws:budgets/budget:Budget");
  const alert = (notificationType: string, threshold: number) => ({
    notificationType,
    threshold,
    thresholdType: "PERCENTAGE",
    comparisonOperator: "GREATER_THAN",
    subscriberSnsTopicArns: ["arn:aws:mock:::dev-alerts"],
  });
  expect(dev).toEqual({
    budgetType: "COST",
    timeUnit: "MONTHLY",
    limitAmount: "80",
    limitUnit: "USD",
    costFilters: [{ name: "TagKeyValue", values: ["user:environment$dev"] }],
    notifications: [alert("ACTUAL", 80), alert("ACTUAL", 100), alert("FORECASTED", 100)],
  });
  expect(all.costFilters).toEqual([]);
  expect(
    inputsOf("aws:kms/key:Key").map(({ deletionWindowInDays }) => deletionWindowInDays),
  ).toEqual([7, 30]);
});

test("a budget of nothing, and a tag without a budget, are refused", async () => {
  expect(() => new Alerts("a", { monthlyBudgetUsd: 0 })).toThrow(
    'alerts "a": monthlyBudgetUsd is 0; give more than 0',
  );
  expect(() => new Alerts("b", { costTag: { key: "environment", value: "dev" } })).toThrow(
    'alerts "b": costTag without monthlyBudgetUsd has no effect',
  );
  await settled();
});
