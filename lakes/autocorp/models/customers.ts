import type { ModelDefinition } from "../../../model/definition";

/** Who buys, and who is in the books twice. */
export const customerModels: Record<string, ModelDefinition> = {
  customer_value: {
    description: "What a customer has bought so far",
    grain: ["customer_id"],
    refreshBy: ["customer_id"],
    quality: [
      'IsUnique "customer_id"',
      'ColumnValues "orders" > 0',
      'ColumnValues "net_revenue" >= 0',
    ],
  },
  customer_duplicates: {
    description: "A customer who shares an e-mail address with another one",
    grain: ["customer_id"],
    refreshBy: ["email"],
    quality: ['IsUnique "customer_id"', 'ColumnValues "customers" > 1'],
    sensitivity: { email: "personal" },
  },
};
