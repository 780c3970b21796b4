import type { ModelDefinition } from "../../../model/definition";
import { groupsOf } from "../../touched";

/** What recurs, what moves it, and who leaves. */
export const subscriptionModels: Record<string, ModelDefinition> = {
  subscription_months: {
    description: "A subscription that pays at the end of a month, or today in the running month",
    grain: ["subscription_id", "month"],
    refreshBy: ["subscription_id"],
    touched: { "silver.core_subscription": groupsOf("id AS subscription_id") },
    quality: ['ColumnValues "monthly_amount" > 0', 'IsComplete "plan"'],
  },
  customer_mrr_monthly: {
    description: "Monthly recurring revenue of a subscriber, and how it moved",
    grain: ["tenant_id", "customer_id", "month"],
    refreshBy: ["tenant_id", "customer_id"],
    quality: ['ColumnValues "mrr" >= 0', 'ColumnValues "previous_mrr" >= 0'],
  },
  subscription_mrr_monthly: {
    description: "MRR, ARR, their movements, churn and revenue per subscriber of a tenant's month",
    grain: ["tenant_id", "month"],
    refreshBy: ["tenant_id", "month"],
    quality: ['ColumnValues "mrr" >= 0', 'ColumnValues "subscribers" >= 0'],
  },
  subscription_churn_monthly: {
    description:
      "Subscriptions of a tenant's plan that ended in a month, by cancelling or switching",
    grain: ["tenant_id", "plan", "month"],
    refreshBy: ["tenant_id", "plan"],
    quality: ['ColumnValues "churn_rate" >= 0', 'ColumnValues "churn_rate" <= 1'],
  },
  plan_distribution_monthly: {
    description:
      "Subscriptions and recurring revenue of a tenant's month by plan and billing cycle",
    grain: ["tenant_id", "plan", "billing_cycle", "month"],
    // shares compare the plans of a tenant's month
    refreshBy: ["tenant_id", "month"],
    quality: ['ColumnValues "mrr_share" <= 1'],
  },
};
