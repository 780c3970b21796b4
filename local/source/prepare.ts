import { lakeColumn } from "../../model/bronze-columns";
import type { Manifest, ManifestTable } from "../../model/manifest";
import { quoteIdentifier, quoteLiteral, quoteTable } from "./identifiers";
import type { SourceTable } from "./inspect";

/** Publication that names a lake's tables, and beginning of the names of its replication slots. */
export function publicationName(lake: string): string {
  return `lakewright_${lake.replaceAll(/[^a-z0-9_]/g, "_")}`;
}

/** Why a table's changes must carry the whole old row, or `undefined` if they need not. */
export function fullIdentityReason(table: ManifestTable, facts: SourceTable): string | undefined {
  const key = new Set(facts.primaryKey.map(lakeColumn));
  if (key.size === 0) return "it has no primary key";
  if (table.key.some((column) => !key.has(column))) {
    return `the lake's key (${table.key.join(", ")}) is not part of its primary key`;
  }
  if (!facts.toastable) return undefined;
  return "large values are stored out of line (TOAST), and updates would leave them out";
}

/** A table of the lake and the source's facts about it. */
export interface PreparedTable {
  readonly table: ManifestTable;
  readonly facts: SourceTable;
}

/** The statements that prepare a source, each with the comment that says why. Run in any number of times. */
export function preparationSql(
  manifest: Manifest,
  tables: readonly PreparedTable[],
  role: string,
): string {
  return [
    header(manifest, "prepare", "Run it as a superuser, or as the owner of the tables."),
    controlSql(manifest),
    ...tables.map(({ table, facts }) => tableSql(manifest, table, facts)),
    publicationSql(manifest, tables),
    rightsSql(manifest, tables, role),
  ].join("\n\n");
}

/** The statements that undo {@link preparationSql}: the source is as it was. */
export function undoSql(
  manifest: Manifest,
  tables: readonly PreparedTable[],
  role: string,
): string {
  const control = quoteIdentifier(manifest.control.schema);
  const publication = publicationName(manifest.lake);
  return [
    header(manifest, "undo", "Stop the replication first: a slot in use cannot be dropped."),
    `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots
WHERE slot_name ~ ${quoteLiteral(`^${publication}_[0-9a-f]{8}$`)} AND database = current_database();`,
    `DROP PUBLICATION IF EXISTS ${quoteIdentifier(publication)};`,
    ...tables.map(({ table, facts }) => undoTableSql(manifest, table, facts)),
    `-- The control schema serves every lake of this database: it goes with the last one.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_publication WHERE pubname LIKE 'lakewright\\_%') THEN
    DROP SCHEMA IF EXISTS ${control} CASCADE;
  END IF;
END
$$;`,
    `-- REVOKE SELECT on the tables and DROP ROLE ${quoteIdentifier(role)} by hand, if nothing else uses it.`,
    "",
  ].join("\n\n");
}

function header(manifest: Manifest, verb: string, advice: string): string {
  return `-- Lakewright: ${verb} a source database for the lake "${manifest.lake}".
-- ${advice} It can run any number of times.
-- PostgreSQL 14 or newer. Needed once per server: wal_level = logical (Amazon RDS: rds.logical_replication = 1), and a
-- replication slot and WAL sender free for the lake and one more for reloads.`;
}

function controlSql({ control }: Manifest): string {
  const schema = quoteIdentifier(control.schema);
  const truncations = quoteTable(control.schema, control.truncations);
  const heartbeat = quoteTable(control.schema, control.heartbeat);
  return `CREATE SCHEMA IF NOT EXISTS ${schema};

-- TRUNCATE does not travel as a change: a trigger records it here, in order with the other changes.
CREATE TABLE IF NOT EXISTS ${truncations} (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  table_schema text NOT NULL,
  table_name   text NOT NULL,
  truncated_at timestamptz NOT NULL
);

-- A beat now and then lets an otherwise idle source's write-ahead log be released.
CREATE TABLE IF NOT EXISTS ${heartbeat} (
  id      bigint PRIMARY KEY,
  beat_at timestamptz NOT NULL
);

-- What each table's replica identity was before, for the undoing.
CREATE TABLE IF NOT EXISTS ${schema}.identity_before (
  table_schema text NOT NULL,
  table_name   text NOT NULL,
  identity     "char" NOT NULL,
  index_name   text,
  PRIMARY KEY (table_schema, table_name)
);

-- Runs with its owner's rights: whoever may truncate a table need not be granted anything.
CREATE OR REPLACE FUNCTION ${schema}.record_truncation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO ${truncations} (table_schema, table_name, truncated_at)
  VALUES (TG_TABLE_SCHEMA, TG_TABLE_NAME, clock_timestamp());
  RETURN NULL;
END
$$;`;
}

function tableSql(manifest: Manifest, table: ManifestTable, facts: SourceTable): string {
  const name = quoteTable(facts.schema, facts.name);
  const trigger = `CREATE OR REPLACE TRIGGER lakewright_truncation BEFORE TRUNCATE ON ${name}
  FOR EACH STATEMENT EXECUTE FUNCTION ${quoteIdentifier(manifest.control.schema)}.record_truncation();`;
  const reason = fullIdentityReason(table, facts);
  if (!reason) return trigger;
  const leaves = facts.leaves.map((leaf) => {
    const leafName = quoteTable(leaf.schema, leaf.name);
    if (leaf.identity === "full") return `-- ${leafName} is REPLICA IDENTITY FULL already.`;
    return `${rememberIdentity(manifest, leaf)}
ALTER TABLE ${leafName} REPLICA IDENTITY FULL;`;
  });
  return `${trigger}
-- ${name} needs REPLICA IDENTITY FULL: ${reason}.
${leaves.join("\n")}`;
}

function rememberIdentity(
  manifest: Manifest,
  leaf: { readonly schema: string; readonly name: string },
): string {
  return `INSERT INTO ${quoteIdentifier(manifest.control.schema)}.identity_before
SELECT n.nspname, c.relname, c.relreplident, (SELECT quote_ident(x.relname) FROM pg_index i
  JOIN pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = c.oid AND i.indisreplident)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ${quoteLiteral(leaf.schema)} AND c.relname = ${quoteLiteral(leaf.name)}
  AND c.relreplident <> 'f'
ON CONFLICT DO NOTHING;`;
}

function publicationSql(manifest: Manifest, tables: readonly PreparedTable[]): string {
  const { control } = manifest;
  const publication = publicationName(manifest.lake);
  const name = quoteIdentifier(publication);
  const members = [
    ...tables.map(({ facts }) => ({ schema: facts.schema, name: facts.name })),
    { schema: control.schema, name: control.truncations },
    { schema: control.schema, name: control.heartbeat },
  ];
  const wanted = members.map(
    (member) => `(${quoteLiteral(member.schema)}, ${quoteLiteral(member.name)})`,
  );
  const list = members.map((member) => quoteTable(member.schema, member.name)).join(",\n    ");
  return `-- Exactly the lake's tables and the control tables. Left alone where it is right already, for
-- changing a publication waits for the tables' running transactions.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_publication WHERE pubname = ${quoteLiteral(publication)}) THEN
    CREATE PUBLICATION ${name} FOR TABLE
    ${list}
    WITH (publish_via_partition_root = true);
  ELSIF EXISTS (
    (SELECT schemaname::text, tablename::text FROM pg_publication_tables
     WHERE pubname = ${quoteLiteral(publication)}
     EXCEPT VALUES ${wanted.join(", ")})
    UNION ALL
    (VALUES ${wanted.join(", ")}
     EXCEPT SELECT schemaname::text, tablename::text FROM pg_publication_tables
     WHERE pubname = ${quoteLiteral(publication)})
  ) THEN
    ALTER PUBLICATION ${name} SET TABLE
    ${list};
  END IF;
END
$$;`;
}

function rightsSql(manifest: Manifest, tables: readonly PreparedTable[], role: string): string {
  const { control } = manifest;
  const name = quoteIdentifier(role);
  const schemas = [...new Set(tables.map(({ facts }) => facts.schema))].map(quoteIdentifier);
  const members = tables.map(({ facts }) => quoteTable(facts.schema, facts.name));
  return `-- The role that replicates: it may read the tables, beat the heart and hold a replication slot.
-- A role made here has no password yet: ALTER ROLE ${name} PASSWORD '…'.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${quoteLiteral(role)}) THEN
    CREATE ROLE ${name} LOGIN;
  END IF;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_replication') THEN
    GRANT rds_replication TO ${name};
  ELSIF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${quoteLiteral(role)}
                    AND (rolreplication OR rolsuper)) THEN
    ALTER ROLE ${name} REPLICATION;
  END IF;
END
$$;
GRANT USAGE ON SCHEMA ${[...schemas, quoteIdentifier(control.schema)].join(", ")} TO ${name};
GRANT SELECT ON ${[...members, quoteTable(control.schema, control.truncations)].join(",\n  ")} TO ${name};
GRANT SELECT, INSERT, UPDATE ON ${quoteTable(control.schema, control.heartbeat)} TO ${name};
-- AWS DMS makes a heartbeat table of its own there.
GRANT CREATE ON SCHEMA ${quoteIdentifier(control.schema)} TO ${name};`;
}

function undoTableSql(manifest: Manifest, table: ManifestTable, facts: SourceTable): string {
  const drop = `DROP TRIGGER IF EXISTS lakewright_truncation ON ${quoteTable(facts.schema, facts.name)};`;
  if (!fullIdentityReason(table, facts)) return drop;
  const before = `${quoteIdentifier(manifest.control.schema)}.identity_before`;
  const restores = facts.leaves.map(
    (leaf) => `DO $$
DECLARE
  was record;
BEGIN
  IF to_regclass(${quoteLiteral(before)}) IS NULL THEN RETURN; END IF;
  SELECT identity, index_name INTO was FROM ${before}
  WHERE table_schema = ${quoteLiteral(leaf.schema)} AND table_name = ${quoteLiteral(leaf.name)};
  IF FOUND THEN
    EXECUTE 'ALTER TABLE ' || ${quoteLiteral(quoteTable(leaf.schema, leaf.name))} || ' REPLICA IDENTITY ' ||
      CASE was.identity WHEN 'n' THEN 'NOTHING' WHEN 'i' THEN 'USING INDEX ' || was.index_name
                        ELSE 'DEFAULT' END;
    DELETE FROM ${before}
    WHERE table_schema = ${quoteLiteral(leaf.schema)} AND table_name = ${quoteLiteral(leaf.name)};
  END IF;
END
$$;`,
  );
  return [drop, ...restores].join("\n");
}
