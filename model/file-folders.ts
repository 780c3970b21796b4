import type { LakeDefinition } from "./definition";

/** Folders of dropped files by the table that their rows belong to; empty for a lake without. */
export function fileFolders({ tables }: Pick<LakeDefinition, "tables">): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tables).flatMap(([name, { files }]) =>
      files ? [[name, files.folder ?? name]] : [],
    ),
  );
}
