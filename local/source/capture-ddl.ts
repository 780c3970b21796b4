import type { Manifest } from "../../model/manifest";
import { quoteIdentifier, quoteTable } from "./identifiers";

/**
 * What AWS DMS makes itself where its user is a superuser: a table and an event trigger by which it
 * learns of added columns. DMS knows them by these names. Undone with the control schema.
 * Source: AWS DMS user guide, "Using a PostgreSQL database as an AWS DMS source".
 */
export function captureDdlSql({ control }: Manifest, role: string): string {
  const audit = quoteTable(control.schema, "awsdms_ddl_audit");
  const intercept = quoteTable(control.schema, "awsdms_intercept_ddl");
  return `-- What tells AWS DMS (captureDdl) of columns that are added. Run it as a superuser; on Amazon RDS, as
-- a member of rds_superuser.
CREATE TABLE IF NOT EXISTS ${audit} (
  c_key    bigserial PRIMARY KEY,
  c_time   timestamp,
  c_user   varchar(64),
  c_txn    varchar(16),
  c_tag    varchar(24),
  c_oid    integer,
  c_name   varchar(64),
  c_schema varchar(64),
  c_ddlqry text
);

-- Runs with its owner's rights, in the session and by the search path of whoever changes a table: all
-- that it calls is named with its schema. DMS needs the path as it is (c_schema) to find the table. It
-- reads the row from the write-ahead log, so that none stays.
CREATE OR REPLACE FUNCTION ${intercept}() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  IF tg_tag OPERATOR(pg_catalog.=) 'CREATE TABLE' OR tg_tag OPERATOR(pg_catalog.=) 'CREATE TABLE AS'
    OR tg_tag OPERATOR(pg_catalog.=) 'ALTER TABLE' OR tg_tag OPERATOR(pg_catalog.=) 'DROP TABLE'
  THEN
    INSERT INTO ${audit}
    VALUES (DEFAULT, CURRENT_TIMESTAMP, CURRENT_USER, CAST(pg_catalog.txid_current() AS varchar(16)),
            tg_tag, 0, '', CURRENT_SCHEMA, pg_catalog.current_query());
    DELETE FROM ${audit};
  END IF;
END
$$;

DROP EVENT TRIGGER IF EXISTS awsdms_intercept_ddl;
CREATE EVENT TRIGGER awsdms_intercept_ddl ON ddl_command_end
  EXECUTE FUNCTION ${intercept}();

-- No trigger: it would run with the rights of the function's owner.
GRANT SELECT, INSERT, UPDATE, DELETE ON ${audit} TO ${quoteIdentifier(role)};
`;
}
