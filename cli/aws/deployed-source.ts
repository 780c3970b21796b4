import { SOURCE_VARIABLE } from "../../local/source/connection";
import { namedSource, type OpenSource } from "../../local/source/open";
import { UserError } from "../../model/errors";

/**
 * The source of a deployed lake, by `--source` or `LAKEWRIGHT_SOURCE`.
 * @throws UserError where neither names it: the embedded PostgreSQL is no deployed lake's source
 */
export async function openDeployedSource(argument: string | undefined): Promise<OpenSource> {
  const source = namedSource(argument);
  if (source) return source;
  throw new UserError(
    `which database is the deployed lake's source? Give --source or set ${SOURCE_VARIABLE}`,
  );
}
