import type { Window } from "../../sample-calendar";
import type { Random } from "../../sample-random";
import type { SampleTable } from "../../sample-source";
import { copyRow, DAY, Micros, NULL, timestampText } from "../../sample-text";

const MODELS = [
  "tenant",
  "customer",
  "product",
  "order",
  "orderitem",
  "event",
  "subscription",
  "invoice",
];
const ACTIONS = ["add", "change", "delete", "view"];
const APPS = ["contenttypes", "auth", "admin", "sessions", "core"];
const STAFF = ["admin", "support", "sales"];

/** The few rows of Django's own tables, which the lake leaves out. */
export function frameworkTables(window: Window, random: Random): readonly SampleTable[] {
  const time = (daysBefore: number): Micros => window.start - daysBefore * DAY;
  const permissions = MODELS.flatMap((model, type) =>
    ACTIONS.map((action) => ({ name: `Can ${action} ${model}`, type: type + 1, action, model })),
  );
  const token = () => random.uuid().replaceAll("-", "");
  return [
    table(
      "django_content_type",
      ["id", "app_label", "model"],
      MODELS.map((model, i) => copyRow(i + 1, "core", model)),
    ),
    table(
      "django_migrations",
      ["id", "app", "name", "applied"],
      APPS.map((app, i) => copyRow(i + 1, app, "0001_initial", timestampText(time(900)))),
    ),
    table(
      "django_session",
      ["session_key", "session_data", "expire_date"],
      STAFF.map(() => copyRow(token(), token(), timestampText(window.until + 14 * DAY))),
    ),
    table(
      "django_admin_log",
      ["id", "action_time", "object_repr", "user_id"],
      STAFF.map((name, i) => copyRow(i + 1, timestampText(time(60)), `user ${name}`, 1)),
    ),
    table(
      "auth_permission",
      ["id", "name", "content_type_id", "codename"],
      permissions.map(({ name, type, action, model }, i) =>
        copyRow(i + 1, name, type, `${action}_${model}`),
      ),
    ),
    table("auth_group", ["id", "name"], [copyRow(1, "support"), copyRow(2, "sales")]),
    table(
      "auth_group_permissions",
      ["id", "group_id", "permission_id"],
      permissions.map((_, i) => copyRow(i + 1, 1 + (i % 2), i + 1)),
    ),
    table(
      "auth_user",
      [
        "id",
        "password",
        "last_login",
        "is_superuser",
        "username",
        "email",
        "is_staff",
        "is_active",
        "date_joined",
      ],
      STAFF.map((name, i) =>
        copyRow(
          i + 1,
          `pbkdf2_sha256$870000$${token()}`,
          i === 0 ? timestampText(window.until - DAY) : NULL,
          i === 0 ? "t" : "f",
          name,
          `${name}@example.com`,
          "t",
          "t",
          timestampText(time(880 - i)),
        ),
      ),
    ),
    table("auth_user_groups", ["id", "user_id", "group_id"], [copyRow(1, 2, 1), copyRow(2, 3, 2)]),
    table("auth_user_user_permissions", ["id", "user_id", "permission_id"], [copyRow(1, 2, 1)]),
  ];
}

function table(name: string, columns: readonly string[], rows: readonly string[]): SampleTable {
  return { name, columns, rowCount: rows.length, rows: () => rows };
}
