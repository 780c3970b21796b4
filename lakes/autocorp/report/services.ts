import type { ReportSection } from "../../report";

/** What the workshops do, and what it earns. */
export const services: ReportSection = {
  id: "services",
  title: "Services",
  sentence: "Labor is what a service is sold for; the parts sold with it come on top.",
  figures: [
    {
      kind: "table",
      title: "What earns most",
      sentence: "Over all time, at the costs of now.",
      sql: `SELECT coalesce(service.name, concat('Service ', CAST(earned.service_id AS varchar))) AS service,
  coalesce(earned.category, 'Unknown') AS category, earned.times_sold, earned.labor_revenue,
  earned.parts_revenue, earned.profit
FROM gold.service_profitability AS earned
LEFT JOIN silver.service AS service ON service.service_id = earned.service_id
WHERE earned.profit IS NOT NULL
ORDER BY earned.profit DESC, earned.service_id
LIMIT 30`,
      columns: [
        { column: "service", title: "Service", format: "text" },
        { column: "profit", title: "Profit", format: "money", bar: true },
        { column: "labor_revenue", title: "Labor", format: "money" },
        { column: "parts_revenue", title: "Parts", format: "money" },
        { column: "times_sold", title: "Times sold", format: "count" },
        { column: "category", title: "Category", format: "text" },
      ],
      shown: 10,
      empty: "No service was sold yet.",
    },
  ],
};
