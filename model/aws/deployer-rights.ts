/**
 * What Lake Formation asks of whoever changes databases, tables, filters and LF-Tags that somebody
 * else made; all with the grant option, without which neither filters are made nor LF-Tags assigned.
 * Its administrators have none of it by themselves. `ALL` is spelled out, for Lake Formation lists it
 * otherwise than it was given. Source: AWS Lake Formation developer guide, "Implicit Lake Formation
 * permissions", "Assigning LF-Tags to Data Catalog resources", "Managing data filters", "Adding
 * LF-Tag creators".
 */
export const DEPLOYER_RIGHTS = {
  database: ["ALTER", "CREATE_TABLE", "DESCRIBE", "DROP"],
  tables: ["ALTER", "DELETE", "DESCRIBE", "DROP", "INSERT", "SELECT"],
  tag: ["ASSOCIATE", "DESCRIBE"],
} as const;
