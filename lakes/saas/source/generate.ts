import { windowBefore } from "../../sample-calendar";
import { Random } from "../../sample-random";
import type { SampleOptions, SampleTable } from "../../sample-source";
import { customerColumns, customerRows, planCustomers } from "./customers";
import { planEvents } from "./event-plan";
import { eventColumns, eventRows } from "./event-rows";
import { frameworkTables } from "./framework";
import { invoiceColumns, invoiceRows, planInvoices } from "./invoices";
import { planOrders } from "./order-plan";
import { itemColumns, itemRows, orderColumns, orderRows } from "./order-rows";
import { planProducts, productColumns, productRows } from "./products";
import { countsFor } from "./scales";
import { planSubscriptions, subscriptionColumns, subscriptionRows } from "./subscriptions";
import { planTenants, tenantColumns, tenantRows } from "./tenants";
import { drawValues } from "./values";

/**
 * The shop's rows, table by table. What belongs together (who ordered what when, in which session)
 * is planned first, in typed arrays; the text of the rows is made while it is read, so that three
 * million rows need some hundred MB.
 */
export function* generate(options: SampleOptions): Iterable<SampleTable> {
  const counts = countsFor(options);
  const random = new Random(options.seed);
  const window = windowBefore(options.until, options.months);
  yield* frameworkTables(window, random.fork("framework"));

  const values = drawValues(random.fork("values"));
  const tenants = planTenants(options.tenants, window, values, random.fork("tenants"));
  yield table("core_tenant", tenantColumns, tenants.length, (draw) =>
    tenantRows(tenants, window, draw),
  );
  const customers = planCustomers(counts.customers, tenants, window, random.fork("customers"));
  yield table("core_customer", customerColumns, customers.count, (draw) =>
    customerRows(customers, tenants, values, window, draw),
  );
  const products = planProducts(counts.products, tenants, window, random.fork("products"));
  yield table("core_product", productColumns, products.count, (draw) =>
    productRows(products, tenants, values, window, draw),
  );
  const orders = planOrders(counts, customers, products, tenants, window, random.fork("orders"));
  yield table("core_order", orderColumns, orders.count, (draw) =>
    orderRows(orders, customers, tenants, window, draw),
  );
  yield table("core_orderitem", itemColumns, orders.items.count, (draw) =>
    itemRows(orders, customers, tenants, draw),
  );
  const events = planEvents(
    counts.events,
    customers,
    products,
    orders,
    tenants,
    window,
    random.fork("events"),
  );
  yield table("core_event", eventColumns, events.count, (draw) =>
    eventRows(events, orders, products, tenants, draw),
  );
  const subscriptions = planSubscriptions(
    counts.subscriptions,
    customers,
    window,
    random.fork("subscriptions"),
  );
  yield table("core_subscription", subscriptionColumns, subscriptions.length, (draw) =>
    subscriptionRows(subscriptions, customers, tenants, window, draw),
  );
  const invoices = planInvoices(
    counts.invoices,
    subscriptions,
    orders,
    customers,
    window,
    random.fork("invoices"),
  );
  yield table("core_invoice", invoiceColumns, invoices.length, (draw) =>
    invoiceRows(invoices, customers, tenants, window, draw),
  );

  function table(
    name: string,
    columns: readonly string[],
    rowCount: number,
    rows: (draw: Random) => Iterable<string>,
  ): SampleTable {
    return { name, columns, rowCount, rows: () => rows(random.fork(`${name} rows`)) };
  }
}
