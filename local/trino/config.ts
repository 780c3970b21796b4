import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";

import { writeWhole } from "../process/files";

export interface TrinoConfig {
  /** Folder of the configuration files. */
  readonly etc: string;
  /** Folder of the server's own data. */
  readonly data: string;
  readonly port: number;
  /** Java's heap, as its option -Xmx takes it. @default "2G" */
  readonly heap?: string;
  /** Lakes to serve: name and root folder. */
  readonly lakes: readonly { readonly name: string; readonly root: string }[];
}

/** Seconds after which Trino reads changed access rules. */
const RULES_REFRESH_SECONDS = 1;

/** Milliseconds after which changed access rules are sure to hold. */
export const RULES_IN_FORCE_MS = RULES_REFRESH_SECONDS * 1_000 + 100;

/** The file of access rules; it must hold rules before the server starts. */
export function rulesFile(etc: string): string {
  return join(etc, "access-rules.json");
}

/** The catalog of a lake's tables. */
const catalogFile = (etc: string, catalog: string) => join(etc, "catalog", `${catalog}.properties`);

/** Whether the configuration, as it was last written, has a lake's catalogs. */
export function servesLake(etc: string, lake: string): boolean {
  return existsSync(catalogFile(etc, lake));
}

const accessControlFile = (etc: string) => join(etc, "access-control.properties");

/** Writes every configuration file but the access rules. */
export function writeTrinoConfig(config: TrinoConfig): void {
  const { etc, lakes } = config;
  writeWhole(join(etc, "config.properties"), properties(serverProperties(config)));
  writeWhole(
    join(etc, "log.properties"),
    properties({
      Bootstrap: "WARN",
      "io.trino": "WARN",
      "io.airlift": "WARN",
      "org.apache": "WARN",
    }),
  );
  writeWhole(
    accessControlFile(etc),
    properties({
      "access-control.name": "file",
      "security.config-file": rulesFile(etc),
      "security.refresh-period": `${RULES_REFRESH_SECONDS}s`,
    }),
  );
  rmSync(join(etc, "catalog"), { recursive: true, force: true });
  for (const { name, root } of lakes) {
    for (const [catalog, content] of Object.entries(catalogs(name, root))) {
      writeWhole(catalogFile(etc, catalog), properties(content));
    }
  }
}

/**
 * Arguments of `java` that start the server. Without the two addresses it would listen on every
 * interface of the machine.
 */
export function trinoArguments(
  trinoHome: string,
  { etc, data, heap = "2G" }: TrinoConfig,
): string[] {
  return [
    `-Xmx${heap}`,
    ...JVM_OPTIONS,
    "-Dnode.environment=lakewright",
    "-Dnode.id=lakewright",
    "-Dnode.bind-ip=127.0.0.1",
    "-Dnode.internal-address=127.0.0.1",
    `-Dnode.data-dir=${data}`,
    `-Dplugin.dir=${join(trinoHome, "plugin")}`,
    `-Dconfig=${join(etc, "config.properties")}`,
    `-Dlog.levels-file=${join(etc, "log.properties")}`,
    `-Dcatalog.config-dir=${join(etc, "catalog")}`,
    "-cp",
    join(trinoHome, "lib", "*"),
    "io.trino.server.TrinoServer",
  ];
}

const JVM_OPTIONS = [
  "-XX:+UseG1GC",
  "-XX:+ExplicitGCInvokesConcurrent",
  "-XX:+ExitOnOutOfMemoryError",
  "-XX:-OmitStackTraceInFastThrow",
  "-XX:ReservedCodeCacheSize=256M",
  "-Djdk.attach.allowAttachSelf=true",
  "--enable-native-access=ALL-UNNAMED",
  "--sun-misc-unsafe-memory-access=allow",
  // Parquet's timestamps are UTC; without this they would be shown in the machine's time zone.
  "-Duser.timezone=UTC",
];

function serverProperties({ etc, port }: TrinoConfig): Record<string, string> {
  return {
    coordinator: "true",
    "node-scheduler.include-coordinator": "true",
    "http-server.http.port": String(port),
    "discovery.uri": `http://127.0.0.1:${port}`,
    // Named here, for a file that Trino merely fails to find would leave everything open.
    "access-control.config-files": accessControlFile(etc),
    // The web page would show every user's queries to everyone.
    "web-ui.enabled": "false",
    "http-server.log.enabled": "false",
    "query.max-memory": "1GB",
    "query.max-memory-per-node": "1GB",
    "query.min-expire-age": "1m",
    "query.max-history": "200",
    "catalog.management": "static",
    // As Lake Formation does: SELECT * leaves out columns that the user may not read.
    "hide-inaccessible-columns": "true",
  };
}

/**
 * The catalogs of a lake: `<lake>` with every table, which hands Hudi and Delta tables over to
 * `<lake>_hudi` and `<lake>_delta`. Nothing caches: a commit is visible to the next query.
 */
function catalogs(lake: string, root: string): Record<string, Record<string, string>> {
  const metastore = {
    "hive.metastore": "file",
    "hive.metastore.catalog.dir": "local:///metastore",
    "fs.native-local.enabled": "true",
    "local.location": root,
  };
  return {
    [lake]: {
      "connector.name": "hive",
      ...metastore,
      "hive.hudi-catalog-name": `${lake}_hudi`,
      "hive.delta-lake-catalog-name": `${lake}_delta`,
      "hive.recursive-directories": "true",
      "hive.parquet.use-column-names": "true",
      "hive.timestamp-precision": "MICROSECONDS",
      "hive.security": "read-only",
    },
    [`${lake}_hudi`]: {
      "connector.name": "hudi",
      ...metastore,
      "hudi.parquet.use-column-names": "true",
    },
    [`${lake}_delta`]: {
      "connector.name": "delta_lake",
      ...metastore,
      "delta.metadata.cache-ttl": "0s",
      "delta.metadata.live-files.cache-ttl": "0s",
      // Statistics are of all rows: SHOW STATS would give a tenant the others' extremes.
      "delta.table-statistics-enabled": "false",
      "delta.security": "read-only",
    },
  };
}

function properties(values: Record<string, string>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}
