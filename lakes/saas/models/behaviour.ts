import type { ModelDefinition } from "../../../model/definition";
import { groupsOf, monthFrom } from "../../touched";

const sessionMonth = {
  "gold.sessions": groupsOf("tenant_id", `${monthFrom("session_month")} AS month`),
};

/** What visitors do, and how far they come. */
export const behaviourModels: Record<string, ModelDefinition> = {
  sessions: {
    description: "A visit: its length, its way, and how far down the funnel it came",
    grain: ["tenant_id", "session_id"],
    refreshBy: ["tenant_id", "session_id"],
    partitionBy: ["session_month"],
    quality: [
      'IsComplete "session_id"',
      'ColumnValues "events" > 0',
      'ColumnValues "duration_seconds" >= 0',
    ],
  },
  funnel_daily: {
    description: "Sessions of a tenant's day and device that reached each stage of the funnel",
    grain: ["tenant_id", "session_date", "device"],
    refreshBy: ["session_month", "tenant_id", "session_date"],
    quality: ['ColumnValues "conversion_rate" >= 0', 'ColumnValues "conversion_rate" <= 1'],
  },
  session_engagement_daily: {
    description: "Length and depth of the sessions of a tenant's day and device",
    grain: ["tenant_id", "session_date", "device"],
    refreshBy: ["session_month", "tenant_id", "session_date"],
    quality: ['ColumnValues "bounce_rate" >= 0', 'ColumnValues "bounce_rate" <= 1'],
  },
  cart_abandonment_daily: {
    description: "Filled and abandoned carts of a tenant's day and device",
    grain: ["tenant_id", "session_date", "device"],
    refreshBy: ["session_month", "tenant_id", "session_date"],
    quality: ['ColumnValues "abandonment_rate" >= 0', 'ColumnValues "abandonment_rate" <= 1'],
  },
  conversion_by_source_monthly: {
    description: "Sessions and conversions of a tenant's month by referring host and device",
    grain: ["tenant_id", "month", "referrer_host", "device"],
    refreshBy: ["tenant_id", "month"],
    touched: sessionMonth,
  },
  user_journeys_monthly: {
    description:
      "How often visitors of a tenant's month took a path, and how often it led to a purchase",
    grain: ["tenant_id", "month", "path"],
    // ranks compare the paths of a tenant's month
    refreshBy: ["tenant_id", "month"],
    touched: sessionMonth,
  },
};
