import type { ReportDefinition } from "../report";
import { behaviour } from "./report/behaviour";
import { customers } from "./report/customers";
import { products } from "./report/products";
import { revenue } from "./report/revenue";
import { subscriptions } from "./report/subscriptions";
import { tenants } from "./report/tenants";
import { tiles } from "./report/tiles";

/** What the page of the SaaS lake shows of its business. */
const report: ReportDefinition = {
  title: "Shop lake",
  lead:
    "Orders, visits and subscriptions of all tenants, from the lake’s gold models. " +
    "Amounts are in each tenant’s own currency and are never added across currencies.",
  tiles,
  sections: [revenue, customers, behaviour, subscriptions, products, tenants],
};

export default report;
