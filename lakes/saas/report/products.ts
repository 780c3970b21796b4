import type { ReportSection } from "../../report";
import { CURRENCY, joinTenant } from "./currency";

/** What sells best, and what it earns. */
export const products: ReportSection = {
  id: "products",
  title: "Products",
  sentence: "Ranked by units: amounts of different currencies do not compare.",
  figures: [
    {
      kind: "table",
      title: "Best sellers",
      sentence:
        "The running month and the two before. The margin is over all time, at what the product costs now.",
      sql: `WITH sales AS (
  SELECT tenant_id, product_id, sum(units) AS units, sum(net_revenue) AS net_revenue
  FROM gold.product_sales_monthly
  WHERE month >= date_add('month', -2, date_trunc('month', :today)) AND month <= :today
  GROUP BY tenant_id, product_id
)
SELECT coalesce(product.name, concat('Product ', CAST(sales.product_id AS varchar))) AS product,
  coalesce(tenant.name, concat('Tenant ', CAST(sales.tenant_id AS varchar))) AS tenant,
  coalesce(product.category, 'Unknown') AS category, sales.units, sales.net_revenue,
  ${CURRENCY} AS currency, profit.margin_rate
FROM sales
${joinTenant("sales")}
LEFT JOIN gold.dim_product AS product
  ON product.product_id = sales.product_id AND product.tenant_id = sales.tenant_id
LEFT JOIN gold.product_profitability AS profit
  ON profit.product_id = sales.product_id AND profit.tenant_id = sales.tenant_id
ORDER BY sales.units DESC, sales.product_id
LIMIT 15`,
      columns: [
        { column: "product", title: "Product", format: "text" },
        { column: "units", title: "Units", format: "count", bar: true },
        { column: "net_revenue", title: "Net revenue", format: "money", unit: "currency" },
        { column: "margin_rate", title: "Margin", format: "percent" },
        { column: "category", title: "Category", format: "text" },
        { column: "tenant", title: "Tenant", format: "text" },
      ],
      empty: "Nothing was sold in the last three months.",
    },
    {
      kind: "table",
      title: "Stock",
      sentence: "Products by how long their stock lasts at the pace of the last 90 days.",
      sql: `SELECT stock_state, count(*) AS products, sum(stock_quantity) AS stock, sum(units_sold_90_days) AS sold
FROM gold.inventory_turnover
WHERE is_active
GROUP BY stock_state
ORDER BY products DESC, stock_state`,
      columns: [
        { column: "stock_state", title: "State", format: "text" },
        { column: "products", title: "Products", format: "count", bar: true },
        { column: "stock", title: "Units in stock", format: "count" },
        { column: "sold", title: "Sold in 90 days", format: "count" },
      ],
      empty: "There is no product yet.",
    },
  ],
};
