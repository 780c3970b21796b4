export { accessFacts, writeAccessRules } from "./access";
export {
  type DescribedTable,
  registerBronze,
  registeredTables,
  registerPartitions,
} from "./catalog";
export { RULES_IN_FORCE_MS } from "./config";
export { publishLake } from "./publish";
