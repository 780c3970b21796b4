import { windowBefore } from "../../sample-calendar";
import { Random } from "../../sample-random";
import type { SampleOptions, SampleTable } from "../../sample-source";
import { customerColumns, customerRows, planCustomers } from "./customers";
import {
  lineRows,
  orderColumns,
  orderRows,
  partLineColumns,
  serviceLineColumns,
} from "./order-rows";
import { planOrders } from "./orders";
import { partColumns, partRows, planParts } from "./parts";
import { countsFor } from "./scales";
import { needColumns, needRows, planServices, serviceColumns, serviceRows } from "./services";
import { drawValues } from "./values";

/** The workshops' rows, table by table: what belongs together is planned first, text is made as it is read. */
export function* generate(options: SampleOptions): Iterable<SampleTable> {
  const counts = countsFor(options);
  const random = new Random(options.seed);
  const window = windowBefore(options.until, options.months);
  const values = drawValues(random.fork("values"));
  const parts = planParts(counts.parts, random.fork("parts"));
  yield table("auto_parts", partColumns, counts.parts, (draw) =>
    partRows(parts, values, window, draw),
  );
  const customers = planCustomers(counts.customers, window, random.fork("customers"));
  yield table("customers", customerColumns, counts.customers, (draw) =>
    customerRows(customers, values, window, draw),
  );
  const services = planServices(
    counts.services,
    counts.serviceParts,
    parts,
    random.fork("services"),
  );
  yield table("service", serviceColumns, counts.services, (draw) =>
    serviceRows(services, window, draw),
  );
  yield table("service_parts", needColumns, counts.serviceParts, (draw) =>
    needRows(services, window, draw),
  );
  const orders = planOrders(counts, customers, parts, services, window, random.fork("orders"));
  yield table("sales_order", orderColumns, counts.orders, (draw) =>
    orderRows(orders, window, draw),
  );
  yield table("sales_order_parts", partLineColumns, counts.orderParts, (draw) =>
    lineRows(orders, "parts", draw),
  );
  yield table("sales_order_services", serviceLineColumns, counts.orderServices, (draw) =>
    lineRows(orders, "services", draw),
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
