/** Names and texts of the definition's and the source's in generated SQL: `order` is a good name for a table. */

/** A name as an identifier, whatever characters it holds: PostgreSQL's, Trino's and PartiQL's form. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A name as an identifier of Spark SQL. */
export function quoteSparkIdentifier(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

/** A text as an SQL literal, standard-conforming. */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A lake's table in Trino's SQL: `silver."order"`. */
export function quoteRelation(layer: string, name: string): string {
  return `${layer}.${quoteIdentifier(name)}`;
}
