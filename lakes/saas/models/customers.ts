import type { ModelDefinition } from "../../../model/definition";
import { groupsOf } from "../../touched";

/** Who buys, who comes back, who is lost, and what they are worth. */
export const customerModels: Record<string, ModelDefinition> = {
  customer_activity_monthly: {
    description: "Orders of a customer in a month, with the cohort and the active months around it",
    grain: ["tenant_id", "customer_id", "month"],
    // a customer's first month is told in all of his rows
    refreshBy: ["tenant_id", "customer_id"],
    quality: ['ColumnValues "orders" > 0', 'ColumnValues "months_since_first" >= 0'],
  },
  customer_acquisition_monthly: {
    description: "Sign-ups and first-time buyers of a tenant's month",
    grain: ["tenant_id", "month"],
    refreshBy: ["tenant_id", "month"],
    touched: {
      "silver.core_customer": groupsOf(
        "tenant_id",
        "CAST(date_trunc('MONTH', created_at) AS DATE) AS month",
      ),
    },
  },
  retention_cohorts: {
    description: "How many of a tenant's cohort bought again, months after their first order",
    grain: ["tenant_id", "cohort_month", "months_since"],
    refreshBy: ["tenant_id", "cohort_month"],
    quality: ['ColumnValues "retention_rate" > 0', 'ColumnValues "retention_rate" <= 1'],
  },
  customer_churn_monthly: {
    description: "Active, new, reactivated and lost customers of a tenant's month",
    grain: ["tenant_id", "month"],
    // the last month with revenue bounds the rows of the tenant
    refreshBy: ["tenant_id"],
    quality: ['ColumnValues "active_customers" >= 0', 'ColumnValues "lost_customers" >= 0'],
  },
  customer_lifetime_value: {
    description: "What a customer has bought so far, and a simple prediction of his lifetime value",
    grain: ["tenant_id", "customer_id"],
    refreshBy: ["tenant_id", "customer_id"],
    quality: ['ColumnValues "orders" > 0', 'IsComplete "predicted_lifetime_value"'],
  },
};
