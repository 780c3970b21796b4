import type { ModelDefinition } from "../../model/definition";
import { behaviourModels } from "./models/behaviour";
import { billingModels } from "./models/billing";
import { customerModels } from "./models/customers";
import { dimensionalModels } from "./models/dimensions";
import { productModels } from "./models/products";
import { revenueModels } from "./models/revenue";
import { subscriptionModels } from "./models/subscriptions";

/** The gold models of the SaaS lake; their SQL is in sql/saas/gold. */
export const models: Record<string, ModelDefinition> = {
  ...dimensionalModels,
  ...revenueModels,
  ...productModels,
  ...customerModels,
  ...behaviourModels,
  ...subscriptionModels,
  ...billingModels,
};
