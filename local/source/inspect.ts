import type { Client } from "pg";

import { lakeColumn } from "../../model/bronze-columns";

/** A column of a source table as PostgreSQL's catalog has it, domains resolved to their base type. */
export interface SourceColumn {
  readonly name: string;
  /** Object id of the base type, 23 for integer. */
  readonly typeOid: number;
  /** Type modifier, -1 without: precision and scale, length. */
  readonly typeModifier: number;
  /** The type as a person writes it: `numeric(12,2)`. */
  readonly typeName: string;
  /** Computed by the database; logical replication does not send it. */
  readonly generated: boolean;
}

/** How rows of a table are identified in the stream of changes: pg_class.relreplident. */
export type ReplicaIdentity = "default" | "nothing" | "full" | "index";

/** What the source's catalog says about a table. */
export interface SourceTable {
  readonly schema: string;
  readonly name: string;
  readonly oid: number;
  /** Ordinary table `r` or partitioned table `p`. */
  readonly kind: string;
  readonly owner: string;
  /** Of a partitioned table: full only if it is full on every partition. */
  readonly identity: ReplicaIdentity;
  /** Columns that the stream gives of a deleted or changed row, unless the identity is full. */
  readonly identityColumns: readonly string[];
  readonly primaryKey: readonly string[];
  /** Whether large values can be stored out of line, which updates leave out unless they change. */
  readonly toastable: boolean;
  /** Size of its rows, in bytes. */
  readonly bytes: number;
  /** Tables whose replica identity counts: itself, or its partitions. */
  readonly leaves: readonly { schema: string; name: string; identity: ReplicaIdentity }[];
  readonly columns: readonly SourceColumn[];
}

/** The source's own name of a column that the lake knows by this one. */
export function sourceName(table: SourceTable | undefined, column: string): string {
  return table?.columns.find(({ name }) => lakeColumn(name) === column)?.name ?? column;
}

interface TableRow {
  schema: string;
  name: string;
  oid: number;
  kind: string;
  owner: string;
  identity_columns: string[];
  primary_key: string[];
  toastable: boolean;
  bytes: number;
  leaves: { schema: string; name: string; identity: string }[];
  columns: SourceColumn[];
}

// PostgreSQL gives a table a TOAST relation exactly when its widest row would not fit a page.
const TABLES = `
WITH wanted AS (
  SELECT * FROM json_to_recordset($1::json) AS t(schema text, name text)
), relation AS (
  SELECT c.*, n.nspname FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN wanted w ON w.schema = n.nspname AND w.name = c.relname
  WHERE c.relkind IN ('r', 'p')
), leaf AS (
  SELECT r.oid AS root, l.oid, l.relname, l.relreplident, l.reltoastrelid, n.nspname
  FROM relation r
  JOIN pg_class l ON l.oid = r.oid OR l.oid IN (SELECT relid FROM pg_partition_tree(r.oid))
  JOIN pg_namespace n ON n.oid = l.relnamespace
  WHERE l.relkind = 'r' OR l.oid = r.oid
)
SELECT json_build_object(
  'schema', r.nspname, 'name', r.relname, 'oid', r.oid::bigint, 'kind', r.relkind,
  'owner', pg_get_userbyid(r.relowner),
  'identity_columns', coalesce((
    SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_index i
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
    WHERE i.indrelid = r.oid AND CASE r.relreplident
      WHEN 'i' THEN i.indisreplident WHEN 'd' THEN i.indisprimary ELSE false END), '[]'),
  'primary_key', coalesce((
    SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_index i
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
    WHERE i.indrelid = r.oid AND i.indisprimary), '[]'),
  'toastable', EXISTS (SELECT FROM leaf l WHERE l.root = r.oid AND l.reltoastrelid <> 0),
  'bytes', (SELECT sum(pg_table_size(l.oid)) FROM leaf l WHERE l.root = r.oid),
  'leaves', (
    SELECT json_agg(json_build_object('schema', l.nspname, 'name', l.relname,
                                      'identity', l.relreplident) ORDER BY l.nspname, l.relname)
    FROM leaf l WHERE l.root = r.oid AND (l.oid <> r.oid OR r.relkind = 'r')),
  'columns', coalesce((
    SELECT json_agg(json_build_object(
      'name', a.attname, 'generated', a.attgenerated <> '', 'typeOid', base.oid::bigint,
      'typeModifier', base.modifier, 'typeName', format_type(base.oid, base.modifier))
      ORDER BY a.attnum)
    FROM pg_attribute a, LATERAL (
      WITH RECURSIVE t(oid, modifier, basetype, typtypmod) AS (
        SELECT p.oid, a.atttypmod, p.typbasetype, p.typtypmod FROM pg_type p
        WHERE p.oid = a.atttypid
        UNION ALL
        SELECT p.oid, CASE WHEN t.modifier = -1 THEN t.typtypmod ELSE t.modifier END,
               p.typbasetype, p.typtypmod
        FROM t JOIN pg_type p ON p.oid = t.basetype WHERE t.basetype <> 0)
      SELECT t.oid, t.modifier FROM t WHERE t.basetype = 0) base
    WHERE a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped), '[]')
) AS facts FROM relation r ORDER BY r.nspname, r.relname`;

const IDENTITIES: Readonly<Record<string, ReplicaIdentity>> = {
  d: "default",
  n: "nothing",
  f: "full",
  i: "index",
};

/** The named tables as the source has them; those that do not exist are left out. */
export async function inspectTables(
  client: Client,
  names: readonly { readonly schema: string; readonly name: string }[],
): Promise<SourceTable[]> {
  const { rows } = await client.query<{ facts: string }>(TABLES, [JSON.stringify(names)]);
  return rows.map(({ facts }) => toTable(JSON.parse(facts) as TableRow));
}

function toTable(row: TableRow): SourceTable {
  const leaves = (row.leaves ?? []).map((leaf) => ({
    ...leaf,
    identity: IDENTITIES[leaf.identity] as ReplicaIdentity,
  }));
  const identities = new Set(leaves.map((leaf) => leaf.identity));
  const [only] = identities;
  return {
    schema: row.schema,
    name: row.name,
    oid: row.oid,
    kind: row.kind,
    owner: row.owner,
    identity: identities.size === 1 && only ? only : "default",
    identityColumns: row.identity_columns,
    primaryKey: row.primary_key,
    toastable: row.toastable,
    bytes: row.bytes,
    leaves,
    columns: row.columns,
  };
}

/** Domains by object id, as the base types that their values have. */
export async function domains(
  client: Client,
): Promise<Map<number, { typeOid: number; typeModifier: number; typeName: string }>> {
  const { rows } = await client.query<Record<"oid" | "base" | "modifier" | "name", string>>(
    `WITH RECURSIVE t(start, oid, modifier, basetype, typtypmod) AS (
       SELECT oid, oid, -1, typbasetype, typtypmod FROM pg_type WHERE typtype = 'd'
       UNION ALL
       SELECT t.start, p.oid, CASE WHEN t.modifier = -1 THEN t.typtypmod ELSE t.modifier END,
              p.typbasetype, p.typtypmod
       FROM t JOIN pg_type p ON p.oid = t.basetype WHERE t.basetype <> 0)
     SELECT start AS oid, oid AS base, modifier, format_type(oid, modifier) AS name
     FROM t WHERE basetype = 0`,
  );
  return new Map(
    rows.map((row) => [
      Number(row.oid),
      { typeOid: Number(row.base), typeModifier: Number(row.modifier), typeName: row.name },
    ]),
  );
}
