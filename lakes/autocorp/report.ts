import type { ReportDefinition } from "../report";
import { checks } from "./report/checks";
import { customers } from "./report/customers";
import { parts } from "./report/parts";
import { revenue } from "./report/revenue";
import { services } from "./report/services";
import { tiles } from "./report/tiles";

/** What the page of the AutoCorp lake shows of its business. */
const report: ReportDefinition = {
  title: "Workshop lake",
  lead: "Orders, services and parts of a chain of car workshops, from the lake’s gold models. Amounts are in US dollars.",
  tiles,
  sections: [revenue, services, parts, customers, checks],
};

export default report;
