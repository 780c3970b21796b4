import * as aws from "@pulumi/aws";

import { assembleLake, type Lake } from "../../model/lake";
import type { Manifest, ManifestColumn } from "../../model/manifest";
import { type QualityRule, qualityRule } from "../../model/quality-rules";
import type { Registered } from "../pulumi-mocks";

/** A small multi-tenant lake: three tables, of which one is everybody's, and two models. */
export function shopLake(): Lake {
  return assembleLake(
    {
      name: "shop",
      description: "A shop",
      source: { engine: "postgres", database: "shop" },
      tenancy: { column: "tenant_id", table: "tenants" },
      readers: { analyst: ["internal", "personal"] },
      tables: {
        tenants: {
          description: "A client",
          key: ["id"],
          tenantColumn: "id",
          columns: { id: "bigint" },
        },
        orders: {
          description: "An order",
          key: ["id"],
          partitionBy: ["month"],
          columns: { id: "bigint", tenant_id: "bigint", email: "text", token: "text" },
          sensitivity: { email: "personal", token: "secret" },
        },
        countries: {
          description: "A country",
          key: ["code"],
          format: "delta",
          columns: { code: "text" },
          tenantColumn: null,
        },
      },
      models: {
        revenue: { description: "Revenue", grain: ["tenant_id"], refreshBy: ["tenant_id"] },
        calendar: {
          description: "A day",
          grain: ["day"],
          refreshBy: "rebuild",
          format: "delta",
          tenantColumn: null,
        },
      },
    },
    {
      silver: {},
      gold: {
        revenue: "SELECT tenant_id, count(*) AS orders FROM silver.orders GROUP BY tenant_id",
        calendar: "SELECT DISTINCT month AS day FROM silver.orders",
      },
      schema: {
        tables: {
          tenants: columns("id bigint"),
          orders: columns("id bigint, tenant_id bigint, email string, token string, month string"),
          countries: columns("code string"),
        },
        models: {
          revenue: columns("tenant_id bigint, orders bigint"),
          calendar: columns("day string"),
        },
      },
    },
  );
}

function columns(text: string): ManifestColumn[] {
  return text.split(", ").map((column) => {
    const [name = "", type = ""] = column.split(" ");
    return { name, type };
  });
}

/** The shop's manifest with these rules on its orders. */
export function shopWithRules(...rules: readonly (string | QualityRule)[]): Manifest {
  const { manifest } = shopLake();
  const tables = manifest.tables.map((table) =>
    table.name === "orders" ? { ...table, quality: rules.map(qualityRule) } : table,
  );
  return { ...manifest, tables };
}

/** Buckets as a lake's components take them; their mocked ARN is `arn:aws:mock:::the-<content>`. */
export function bucketsOf<Content extends string>(
  ...contents: Content[]
): Record<Content, aws.s3.Bucket> {
  return Object.fromEntries(
    contents.map((content) => [content, new aws.s3.Bucket(`the-${content}`)]),
  ) as Record<Content, aws.s3.Bucket>;
}

/** The inputs of every resource of a type, `glue/catalogTable` style, by the resource's name, sorted. */
export function registeredOf(
  registered: readonly Registered[],
  type: string,
): Record<string, Registered["inputs"]> {
  const kind = type.slice(type.indexOf("/") + 1);
  const token = `aws:${type}:${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
  return Object.fromEntries(
    registered
      .filter((one) => one.type === token)
      .map(({ name, inputs }) => [name, inputs] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}
