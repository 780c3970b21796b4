import type { QueryClient } from "../../analytics/query-client";
import type { Lake } from "../../model/lake";
import { isDeployed, type StackFlags } from "../aws/stack-options";
import type { LakeCommand } from "../command";
import { lakeOption, wholeNumber } from "../options";

interface QueryFlags extends StackFlags {
  readonly as: string;
  readonly at?: string;
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly list?: boolean;
  readonly stats?: boolean;
  readonly timeout: number;
}

const EXAMPLES = `
Examples:
  ./lake query "SELECT status, count(*) FROM silver.core_order GROUP BY status"
  ./lake query --list
  ./lake query best_sellers --as tenant_3
  ./lake query "SELECT count(*) FROM silver.core_order" --at "10 minutes ago"
  ./lake query best_sellers --as tenant_3 --stack dev

SQL is Athena's dialect (Trino) over the schemas bronze, silver, gold, quarantine and ops.
With --at, Spark answers, in Spark SQL, as of the commits at that time. With --stack, Athena answers,
in the user's role and workgroup; it bills the bytes read, 10 MB a query at least. With both, a run of
the lake's job answers, billed for a minute at least.
`;

export const query: LakeCommand = {
  group: "Look at the lake:",
  register: (program) =>
    program
      .command("query")
      .description("run SQL, or a query of the library by its name, on the lake")
      .argument("[query]", "SQL, or the name of a query in sql/<lake>/queries")
      .addOption(lakeOption())
      .option("--as <user>", "in whose name: admin, analyst or tenant_<id>", "admin")
      .option("--at <time>", 'read the lake as of then: "10 minutes ago", "2026-11-21 05:30" (UTC)')
      .option("--json", "print rows as JSON")
      .option("--csv", "print rows as CSV")
      .option("--stats", "also print bytes, rows and files read, and the time")
      .option("--timeout <seconds>", "cancel the query after so long", wholeNumber(1, 999_999), 300)
      .option("--stack <name>", "ask Athena, on the lake of this Pulumi stack")
      .option("--outputs <file>", "a file with the stack's outputs as JSON, instead of --stack")
      .option("--list", "list the queries of the library")
      .addHelpText("after", EXAMPLES)
      .action(async (text: string | undefined, flags: QueryFlags) => {
        const { UserError } = await import("../../model/errors");
        const { loadLake } = await import("../../lakes/load");
        const lake = loadLake(flags.lake);
        if (flags.list) return listQueries(flags);
        if (!text?.trim()) {
          throw new UserError("which query? Give SQL or a name; --list shows the names there are");
        }
        if (flags.json && flags.csv) throw new UserError("--json and --csv exclude each other");
        const sql = await sqlOf(text, flags.lake);
        if (flags.at) return queryPast(sql, flags.at, flags);
        await (isDeployed(flags) ? queryDeployed(sql, flags) : queryNow(sql, lake, flags));
      }),
};

async function listQueries({ lake, json }: QueryFlags): Promise<void> {
  const { namedQueries } = await import("../../lakes/query-library");
  const { printJson, printTable } = await import("../output");
  const queries = namedQueries(lake);
  if (json) return printJson(queries);
  printTable(
    ["query", "answers"],
    queries.map(({ name, description }) => [name, description]),
  );
}

async function sqlOf(text: string, lake: string): Promise<string> {
  const { looksLikeName, namedQuery } = await import("../../lakes/query-library");
  return looksLikeName(text) ? namedQuery(lake, text.trim()).sql : text.trim().replace(/;$/, "");
}

async function queryNow(sql: string, lake: Lake, flags: QueryFlags): Promise<void> {
  const { openTrino, requireUser } = await import("../open-trino");
  await using trino = await openTrino(lake);
  await requireUser(flags.as, lake, trino);
  await printAnswer(trino, sql, flags);
}

async function queryDeployed(sql: string, flags: QueryFlags): Promise<void> {
  const { AthenaQueryClient } = await import("../../analytics/athena-client");
  const { athenaSession } = await import("../aws/athena-sessions");
  const { openDeployedLake } = await import("../aws/deployed-lake");
  const lake = await openDeployedLake(flags);
  await printAnswer(new AthenaQueryClient((user) => athenaSession(lake, user)), sql, flags);
}

async function printAnswer(client: QueryClient, sql: string, flags: QueryFlags): Promise<void> {
  const { printResult, printStats } = await import("../print-result");
  const { interruption } = await import("../interrupt");
  const result = await client.query(sql, {
    user: flags.as,
    timeoutMs: flags.timeout * 1_000,
    countFiles: flags.stats ?? false,
    signal: interruption(),
  });
  printResult(result, flags);
  if (flags.stats) printStats(result.stats);
}

async function queryPast(sql: string, at: string, flags: QueryFlags): Promise<void> {
  const { UserError } = await import("../../model/errors");
  const { parseTime } = await import("../../analytics/point-in-time");
  const { printResult } = await import("../print-result");
  const { queryAsOf } = await import("../lake-history");
  const { openSteps } = await import("../open-steps");
  if (flags.as !== "admin") {
    throw new UserError("--at reads by Spark, which knows no users' rights; leave --as out");
  }
  const past = parseTime(at);
  await using open = await openSteps(flags, "read");
  printResult(await queryAsOf(open.spark, sql, past), flags);
}
