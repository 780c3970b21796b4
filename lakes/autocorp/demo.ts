import type { DemoStory } from "../demo-story";

const story: DemoStory = {
  query: "revenue_by_month",
  drops: [
    { name: "customers", files: 1, rows: 20_000 },
    { name: "sales-orders", files: 4, rows: 500 },
  ],
  change: {
    what: "a new order of 1,234.56",
    source: `WITH placed AS (
        INSERT INTO sales_order (customer_id, channel, status, total_amount, notes, order_date)
        SELECT min(customer_id), 'workshop', 'paid', 1234.56,
          'DEMO-' || to_char(clock_timestamp(), 'YYYYMMDDHH24MISSUS'), current_date
        FROM customers
        RETURNING order_id, notes),
      line AS (
        INSERT INTO sales_order_services (order_id, service_id, quantity, unit_price, line_total)
        SELECT order_id, (SELECT min(service_id) FROM service), 1, 1234.56, 1234.56 FROM placed)
      SELECT notes AS mark FROM placed`,
    silver: (mark) => `SELECT order_id FROM silver.sales_order WHERE notes = '${mark}'`,
    gold: "SELECT sum(net_revenue) FROM gold.revenue_monthly",
  },
  pruning: {
    question: "net revenue of the newest month",
    partition: "SELECT max(order_month) FROM silver.sales_order",
    whole: (month) => `SELECT sum(net_amount) FROM silver.sales_order
      WHERE is_revenue AND date_format(order_date, '%Y-%m') = '${month}'`,
    pruned: (month) => `SELECT sum(net_amount) FROM silver.sales_order
      WHERE is_revenue AND order_month = '${month}'`,
  },
  mistake: {
    what: "every price of a brake part times 100",
    table: "auto_parts",
    wrong: "UPDATE auto_parts SET unit_price = unit_price * 100 WHERE part_number LIKE 'BRA-%'",
    mend: "UPDATE auto_parts SET unit_price = unit_price / 100 WHERE part_number LIKE 'BRA-%'",
    figure: "SELECT sum(unit_price) FROM silver.auto_parts",
  },
  layers: {
    question: "net revenue of the database's orders in all months",
    // Every change of every order is in bronze: the newest of each key counts, unless it is a delete.
    bronze: `WITH ranked AS (
        SELECT Op, status, total_amount, tax_amount, discount_amount,
          row_number() OVER (PARTITION BY order_id ORDER BY dms_change_seq DESC NULLS LAST) AS place
        FROM bronze.sales_order)
      SELECT sum(total_amount - tax_amount) FROM ranked
      WHERE place = 1 AND Op <> 'D' AND lower(trim(status)) IN ('completed', 'paid')
        AND total_amount > 0 AND discount_amount >= 0`,
    silver:
      "SELECT sum(net_amount) FROM silver.sales_order WHERE is_revenue AND channel <> 'counter'",
    gold: "SELECT sum(net_revenue - counter_revenue) FROM gold.revenue_monthly",
  },
};

export default story;
