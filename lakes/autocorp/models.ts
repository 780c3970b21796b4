import type { ModelDefinition } from "../../model/definition";
import { customerModels } from "./models/customers";
import { orderModels } from "./models/orders";
import { partModels } from "./models/parts";
import { serviceModels } from "./models/services";

/** The gold models of the AutoCorp lake; their SQL is in sql/autocorp/gold. */
export const models: Record<string, ModelDefinition> = {
  ...orderModels,
  ...serviceModels,
  ...partModels,
  ...customerModels,
};
