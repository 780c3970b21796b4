import type * as pulumi from "@pulumi/pulumi";

import { FileTransfer } from "../components/file-transfer";
import type { LakeBuckets } from "../components/lake-buckets";
import type { TransferLogs } from "../components/transfer-logs";
import { tablesWithFiles } from "../model/dropped-files";
import { UserError } from "../model/errors";
import type { Lake } from "../model/lake";
import type { FileTransferSettings } from "./file-transfer-settings";

/** Whether a table of the lake has dropped files. */
export function hasFiles({ manifest }: Lake): boolean {
  return tablesWithFiles(manifest).length > 0;
}

/**
 * What brings the lake's files, where the settings ask for it. Reports go where access logs go, and
 * are deleted with them.
 * @throws UserError where no table of the lake has files
 */
export function fileTransfer(
  name: string,
  lake: Lake,
  settings: FileTransferSettings | undefined,
  to: {
    readonly storage: LakeBuckets;
    /** The environment has them where a lake has these settings. */
    readonly logs: TransferLogs | undefined;
    readonly opts: pulumi.ComponentResourceOptions;
  },
): FileTransfer | undefined {
  if (!settings) return undefined;
  const { buckets, folders, key, logs } = to.storage;
  const tables = tablesWithFiles(lake.manifest);
  if (tables.length === 0) {
    const { name } = lake.definition;
    throw new UserError(
      `lakewright:lakes.${name}.files: no table of the lake has files; declare them in lakes/${name}/lake.ts (\`files: {}\` of a table), or remove the setting`,
    );
  }
  return new FileTransfer(
    name,
    {
      ...settings,
      folders: tables.map(({ files }) => files.folder),
      prefix: `${folders.files}/`,
      bucket: buckets.bronze,
      key,
      reports: logs,
      logs: to.logs!,
    },
    to.opts,
  );
}
