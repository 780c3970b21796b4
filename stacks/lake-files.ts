import type * as pulumi from "@pulumi/pulumi";

import { FileTransfer } from "../components/file-transfer";
import type { LakeBuckets } from "../components/lake-buckets";
import { UserError } from "../model/errors";
import { fileFolders } from "../model/file-folders";
import type { Lake } from "../model/lake";
import type { FileTransferSettings } from "./file-transfer-settings";

/** Whether a table of the lake has dropped files. */
export function hasFiles({ definition }: Lake): boolean {
  return Object.keys(fileFolders(definition)).length > 0;
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
  to: { readonly storage: LakeBuckets; readonly opts: pulumi.ComponentResourceOptions },
): FileTransfer | undefined {
  if (!settings) return undefined;
  const { buckets, key, logs } = to.storage;
  const folders = [...new Set(Object.values(fileFolders(lake.definition)))];
  if (folders.length === 0) {
    const { name } = lake.definition;
    throw new UserError(
      `lakewright:lakes.${name}.files: no table of the lake has files; declare them in lakes/${name}/lake.ts (\`files: {}\` of a table), or remove the setting`,
    );
  }
  return new FileTransfer(
    name,
    { ...settings, folders, bucket: buckets.bronze, key, reports: logs },
    to.opts,
  );
}
