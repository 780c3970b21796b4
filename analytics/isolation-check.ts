import { type Relation, relations, visibleColumns } from "../model/isolation";
import type { Lake } from "../model/lake";
import { quoteIdentifier, quoteRelation } from "../model/sql-quoting";
import { ADMIN, tenantUser } from "../model/trino-rules";
import { inParallel } from "./in-parallel";
import type { QueryClient, QueryResult } from "./query-client";
import { QueryFailed } from "./query-failed";

/** What the proof found. */
export interface IsolationReport {
  readonly tenants: number;
  /** Silver tables and gold models looked at. */
  readonly relations: number;
  /** Rows of relations that hold a tenant, all tenants together. */
  readonly rows: number;
  /** Rows that each tenant sees in them. */
  readonly rowsByTenant: Readonly<Record<string, number>>;
  /** Reads that had to be refused, and were or were not. */
  readonly refusalsTried: number;
  readonly queries: number;
  readonly seconds: number;
  /** Everything that is not as it must be; empty when tenants are isolated. */
  readonly problems: readonly string[];
}

/** Rows by relation and tenant, as one user sees them. */
type Counts = Map<string, Map<string, number>>;

/** Tenant of a relation that every tenant reads. */
const SHARED = "(every tenant)";

/** Times that counts are compared again, for a lake that changes meanwhile. */
const ATTEMPTS = 3;

/**
 * Proves by queries that tenants are isolated: each tenant sees in every silver table and gold
 * model exactly the rows that the admin finds for it, all tenants together see all rows, no other
 * column than the visible ones is listed or readable, and bronze, quarantine and bookkeeping are
 * refused. One query per tenant counts every relation.
 *
 * @param tenants ids of all tenants; with the scope `rows`, of those that may read
 * @param scope `rows`: only that each tenant sees its rows and no others
 */
export async function checkIsolation(
  client: QueryClient,
  lake: Lake,
  tenants: readonly string[],
  scope: "everything" | "rows" = "everything",
): Promise<IsolationReport> {
  const started = Date.now();
  const check = new Check(client, lake, tenants, scope);
  await check.run();
  const seconds = (Date.now() - started) / 1000;
  return { tenants: tenants.length, seconds, ...check.report() };
}

class Check {
  private readonly relations: readonly Relation[];
  private readonly catalog: string;
  private problems: string[] = [];
  private all: Counts = new Map();
  private readonly byTenant: Record<string, number> = {};
  private queries = 0;
  private refusalsTried = 0;

  constructor(
    private readonly client: QueryClient,
    lake: Lake,
    private readonly tenants: readonly string[],
    private readonly scope: "everything" | "rows",
  ) {
    this.relations = relations(lake);
    this.catalog = lake.definition.name;
  }

  report() {
    const { problems, queries, refusalsTried, byTenant: rowsByTenant } = this;
    const rows = [...this.all.values()].flatMap((counts) =>
      [...counts].filter(([tenant]) => tenant !== SHARED).map(([, count]) => count),
    );
    return {
      relations: this.relations.length,
      rows: rows.reduce((sum, count) => sum + count, 0),
      rowsByTenant,
      refusalsTried,
      queries,
      problems: [...problems].sort(),
    };
  }

  async run(): Promise<void> {
    await this.checkRows();
    if (this.scope === "rows") return;
    await this.checkListings();
    await this.checkRefusals();
  }

  private async checkRows(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const problems = await this.compareRows();
      // A foreign row is wrong at any time; a count may differ because the lake moves on.
      if (problems.foreign.length === 0 && problems.counts.length > 0 && attempt < ATTEMPTS)
        continue;
      this.problems.push(...problems.foreign, ...problems.counts);
      return;
    }
  }

  private async compareRows(): Promise<{ foreign: string[]; counts: string[] }> {
    const sql = countQuery(this.relations);
    this.all = countsOf(await this.ask(sql, ADMIN));
    const foreign: string[] = [];
    const counts: string[] = [];
    await inParallel(this.tenants, async (tenant) => {
      const seen = countsOf(await this.ask(sql, tenantUser(tenant)));
      this.byTenant[tenant] = 0;
      for (const [relation, found] of seen) {
        for (const [other, count] of found) {
          if (other === tenant) this.byTenant[tenant] += count;
          else if (other !== SHARED) {
            foreign.push(
              `${tenantUser(tenant)} sees ${count} rows of tenant ${other} in ${relation}`,
            );
          }
        }
      }
      for (const [relation, expected] of this.all) {
        const whose = expected.has(SHARED) ? SHARED : tenant;
        const [want, have] = [expected.get(whose) ?? 0, seen.get(relation)?.get(whose) ?? 0];
        if (want !== have) {
          counts.push(`${tenantUser(tenant)} sees ${have} rows of ${relation}; expected ${want}`);
        }
      }
    });
    return {
      foreign,
      counts: this.scope === "rows" ? counts : [...counts, ...this.rowsOfNobody()],
    };
  }

  /** All tenants together must see all rows. */
  private rowsOfNobody(): string[] {
    return [...this.all].flatMap(([relation, counts]) =>
      [...counts]
        .filter(([tenant]) => tenant !== SHARED && !this.tenants.includes(tenant))
        .map(
          ([tenant, count]) =>
            `${count} rows of ${relation} belong to "${tenant}", no tenant of the lake`,
        ),
    );
  }

  /** What each tenant's own information schema lists is exactly what it may read. */
  private async checkListings(): Promise<void> {
    const expected = this.relations
      .flatMap((relation) =>
        visibleColumns(relation, "tenant").map(
          (column) => `${relation.layer}.${relation.name}.${column}`,
        ),
      )
      .sort();
    const sql = `SELECT table_schema || '.' || table_name || '.' || column_name
FROM information_schema.columns WHERE table_schema <> 'information_schema'`;
    await inParallel(this.tenants, async (tenant) => {
      const { rows } = await this.ask(sql, tenantUser(tenant));
      const listed = rows.map(([name]) => String(name));
      const tooMany = listed.filter((name) => !expected.includes(name));
      const missing = expected.filter((name) => !listed.includes(name));
      for (const name of tooMany) this.problems.push(`${tenantUser(tenant)} is shown ${name}`);
      for (const name of missing) this.problems.push(`${tenantUser(tenant)} is not shown ${name}`);
    });
  }

  private async checkRefusals(): Promise<void> {
    const { rows } = await this.ask(
      `SELECT table_schema, table_name, column_name FROM information_schema.columns
WHERE table_schema IN ('bronze', 'silver', 'gold', 'quarantine', 'ops')`,
      ADMIN,
    );
    const stored = rows.map(([schema, table, column]) => ({
      table: quoteRelation(String(schema), String(table)),
      column: String(column),
    }));
    const closed = [...new Set(stored.map(({ table }) => table))]
      .filter((table) => !/^(silver|gold)\./.test(table))
      .map((table) => `SELECT 1 FROM ${table}`);
    const hidden = this.relations.flatMap((relation) => {
      const table = quoteRelation(relation.layer, relation.name);
      const visible = visibleColumns(relation, "tenant");
      return [...stored.filter((each) => each.table === table).map(({ column }) => column), "$path"]
        .filter((column) => !visible.includes(column))
        .map((column) => `SELECT ${quoteIdentifier(column)} FROM ${table}`);
    });
    const tries = this.tenants.flatMap((tenant, index) =>
      // The columns' rules are the same for all tenants, as their listings have shown.
      [...closed, ...(index === 0 ? hidden : [])].map((sql) => ({ user: tenantUser(tenant), sql })),
    );
    await inParallel(tries, async ({ user, sql }) => {
      this.refusalsTried++;
      try {
        await this.ask(`${sql} LIMIT 1`, user);
        this.problems.push(`${user} may run ${sql}`);
      } catch (error) {
        if (error instanceof QueryFailed && REFUSALS.has(error.code)) return;
        throw error;
      }
    });
  }

  private ask(sql: string, user: string): Promise<QueryResult> {
    this.queries++;
    return this.client.query(sql, { user, catalog: this.catalog, schema: "silver" });
  }
}

/** What Trino answers for what a user may not read. */
const REFUSALS = new Set(["PERMISSION_DENIED", "TABLE_NOT_FOUND"]);

/** Rows of every relation by tenant, in one query. */
function countQuery(all: readonly Relation[]): string {
  return all
    .map(({ layer, name, tenantColumn }) => {
      const column = tenantColumn && quoteIdentifier(tenantColumn);
      const tenant = column ? `CAST(${column} AS varchar)` : `'${SHARED}'`;
      const group = column ? ` GROUP BY ${column}` : "";
      return `SELECT '${layer}.${name}' AS relation, ${tenant} AS tenant, count(*) AS n FROM ${quoteRelation(layer, name)}${group}`;
    })
    .join("\nUNION ALL\n");
}

function countsOf({ rows }: QueryResult): Counts {
  const counts: Counts = new Map();
  for (const [relation, tenant, count] of rows) {
    const found = counts.get(String(relation)) ?? new Map<string, number>();
    counts.set(String(relation), found.set(String(tenant), Number(count)));
  }
  return counts;
}
