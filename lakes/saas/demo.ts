import type { DemoStory } from "../demo-story";

const story: DemoStory = {
  query: "revenue_by_month",
  change: {
    what: "a new order of 1,234.56",
    source: `INSERT INTO core_order (tenant_id, customer_id, order_number, status, subtotal, total_amount, ordered_at)
      SELECT tenant_id, id, 'DEMO-' || to_char(clock_timestamp(), 'YYYYMMDDHH24MISSUS'), 'paid', 1234.56, 1234.56, now()
      FROM core_customer ORDER BY id LIMIT 1
      RETURNING order_number AS mark`,
    silver: (mark) => `SELECT id FROM silver.core_order WHERE order_number = '${mark}'`,
    gold: "SELECT sum(net_revenue) FROM gold.revenue_daily",
  },
  pruning: {
    question: "net revenue of tenant 1 in the last month of six",
    partition: "SELECT max(order_month) FROM silver.core_order",
    whole: (month) => `SELECT sum(net_amount) FROM silver.core_order
      WHERE tenant_id = 1 AND is_revenue AND date_format(ordered_at, '%Y-%m') = '${month}'`,
    pruned: (month) => `SELECT sum(net_amount) FROM silver.core_order
      WHERE tenant_id = 1 AND is_revenue AND order_month = '${month}'`,
  },
  mistake: {
    what: "every price of tenant 1 times 100",
    table: "core_product",
    wrong: "UPDATE core_product SET price = price * 100 WHERE tenant_id = 1",
    mend: "UPDATE core_product SET price = price / 100 WHERE tenant_id = 1",
    figure: "SELECT sum(price) FROM silver.core_product WHERE tenant_id = 1",
  },
  layers: {
    question: "net revenue of tenant 1 in all months",
    // Every change of every order is in bronze: the newest of each key counts, unless it is a delete.
    bronze: `WITH ranked AS (
        SELECT Op, tenant_id, status, subtotal, discount_amount, total_amount,
          row_number() OVER (PARTITION BY id ORDER BY dms_change_seq DESC NULLS LAST) AS place
        FROM bronze.core_order)
      SELECT sum(subtotal - discount_amount) FROM ranked
      WHERE place = 1 AND tenant_id = 1 AND Op <> 'D' AND lower(trim(status)) IN ('paid', 'shipped', 'delivered')
        AND total_amount >= 0 AND discount_amount BETWEEN DECIMAL '0' AND subtotal`,
    silver: "SELECT sum(net_amount) FROM silver.core_order WHERE tenant_id = 1 AND is_revenue",
    gold: "SELECT sum(net_revenue) FROM gold.revenue_monthly WHERE tenant_id = 1",
  },
};

export default story;
