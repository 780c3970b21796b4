import { join } from "node:path";

import type { SampleSource } from "../../sample-source";
import { generate } from "./generate";
import { activities } from "./workload";

/** The application database of the SaaS lake: a multi-tenant shop on Django. */
export const sampleSource: SampleSource = {
  schemaFile: join(__dirname, "schema.sql"),
  tables: [
    "django_content_type",
    "django_migrations",
    "django_session",
    "django_admin_log",
    "auth_permission",
    "auth_group",
    "auth_group_permissions",
    "auth_user",
    "auth_user_groups",
    "auth_user_user_permissions",
    "core_tenant",
    "core_customer",
    "core_product",
    "core_order",
    "core_orderitem",
    "core_event",
    "core_subscription",
    "core_invoice",
  ],
  generate,
  activities,
};
