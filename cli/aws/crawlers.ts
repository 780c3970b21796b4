import { GetCrawlerCommand, type GlueClient, StartCrawlerCommand } from "@aws-sdk/client-glue";

import { UserError } from "../../model/errors";
import { isAwsError } from "./aws-error";
import { poll } from "./poll";

const LONGEST_CRAWL_MS = 12 * 3_600_000;

/** How a crawler's last run ended. */
export interface CrawlResult {
  /** As AWS Glue names it: `SUCCEEDED`, `FAILED`, `CANCELLED`. */
  readonly status: string;
  readonly message?: string | undefined;
}

/**
 * The crawlers to run: the one asked for, or all.
 * @param crawlers names by what they crawl
 * @throws UserError where there is none
 */
export function chosenCrawlers(
  crawlers: Readonly<Record<string, string>>,
  asked: string | undefined,
): [string, string][] {
  const all = Object.entries(crawlers);
  if (all.length === 0) {
    throw new UserError(
      "the lake has no crawlers; its tables are declared, and the job keeps them up to date. The setting crawlers adds some",
    );
  }
  if (asked === undefined) return all;
  const found = all.filter(([what, name]) => what === asked || name === asked);
  if (found.length > 0) return found;
  throw new UserError(
    `there is no crawler "${asked}"; expected one of ${Object.keys(crawlers).join(", ")}`,
  );
}

/** Starts a crawler. @returns false where it runs already */
export async function startCrawler(glue: GlueClient, name: string): Promise<boolean> {
  try {
    await glue.send(new StartCrawlerCommand({ Name: name }));
    return true;
  } catch (error) {
    if (isAwsError(error, "CrawlerRunningException")) return false;
    if (isAwsError(error, "EntityNotFoundException")) {
      throw new UserError(
        `AWS Glue has no crawler ${name}; the stack's outputs name it, so run pulumi up`,
      );
    }
    throw error;
  }
}

/** Waits until a crawler is at rest. */
export async function untilCrawled(
  glue: GlueClient,
  name: string,
  { everyMs = 15_000, signal }: { everyMs?: number; signal?: AbortSignal },
): Promise<CrawlResult> {
  const ask = async () => (await glue.send(new GetCrawlerCommand({ Name: name }))).Crawler;
  const crawler = await poll(ask, (found) => found?.State === "READY", {
    what: `crawler ${name}`,
    everyMs,
    timeoutMs: LONGEST_CRAWL_MS,
    ...(signal ? { signal } : {}),
  });
  const { Status = "", ErrorMessage } = crawler?.LastCrawl ?? {};
  return { status: Status, message: ErrorMessage };
}
