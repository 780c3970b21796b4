import type { ReportSection } from "../../report";

/** Who buys, without a name. */
export const customers: ReportSection = {
  id: "customers",
  title: "Customers",
  sentence: "Customers with at least one order that is completed or paid.",
  figures: [
    {
      kind: "table",
      title: "By state",
      width: "half",
      sql: `SELECT coalesce(customer.state, 'Unknown') AS state, count(*) AS customers, sum(worth.orders) AS orders,
  sum(worth.net_revenue) AS net_revenue,
  CAST(count_if(worth.orders > 1) AS double) / count(*) AS returning
FROM gold.customer_value AS worth
LEFT JOIN silver.customers AS customer ON customer.customer_id = worth.customer_id
GROUP BY coalesce(customer.state, 'Unknown')
ORDER BY net_revenue DESC, state`,
      columns: [
        { column: "state", title: "State", format: "text" },
        { column: "net_revenue", title: "Net revenue", format: "money", bar: true },
        { column: "customers", title: "Customers", format: "count" },
        { column: "orders", title: "Orders", format: "count" },
        { column: "returning", title: "Came again", format: "percent" },
      ],
      shown: 8,
      empty: "No customer has bought yet.",
    },
    {
      kind: "table",
      title: "Worth most",
      width: "half",
      sql: `SELECT concat('Customer ', CAST(customer_id AS varchar)) AS customer, net_revenue, orders, vehicles, last_order_date
FROM gold.customer_value
ORDER BY net_revenue DESC, customer_id
LIMIT 20`,
      columns: [
        { column: "customer", title: "Customer", format: "text" },
        { column: "net_revenue", title: "Net revenue", format: "money", bar: true },
        { column: "orders", title: "Orders", format: "count" },
        { column: "vehicles", title: "Vehicles", format: "count" },
        { column: "last_order_date", title: "Last order", format: "day" },
      ],
      shown: 8,
      empty: "No customer has bought yet.",
    },
  ],
};
