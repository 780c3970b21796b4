import { join, resolve } from "node:path";

import type { ReportFailure } from "../analytics/report/collect";
import { buildReport } from "../analytics/report/page";
import { loadReport } from "../lakes/report";
import { paths } from "../local/paths";
import { writeWhole } from "../local/process/files";
import type { Lake } from "../model/lake";
import { openTrino } from "./open-trino";

/**
 * Writes the lake's report page, by Trino, which is started where it does not run.
 * @returns the page's path, and the parts of it that could not be made
 * @throws UserError for a lake that has no tables yet
 */
export async function writeReport(
  lake: Lake,
  { out, signal }: { readonly out?: string; readonly signal?: AbortSignal } = {},
): Promise<{ path: string; failures: readonly ReportFailure[] }> {
  const { name } = lake.definition;
  const path = resolve(out ?? join(paths().reports, `${name}.html`));
  await using trino = await openTrino(lake);
  const { html, failures } = await buildReport({
    lake,
    report: loadReport(name),
    query: (sql) => trino.query(sql, { signal }),
  });
  signal?.throwIfAborted();
  writeWhole(path, html);
  return { path, failures };
}
