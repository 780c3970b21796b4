/** What a replication tells while it runs. */
export type ReplicationEvent =
  | { readonly event: "waiting"; readonly reason: string }
  | { readonly event: "notice"; readonly text: string }
  | {
      readonly event: "load";
      /** The lake's name of the table. */
      readonly table: string;
      readonly rows: number;
      readonly done: boolean;
    }
  | {
      readonly event: "loaded";
      readonly epoch: number;
      readonly tables: readonly string[];
      readonly rows: number;
      readonly seconds: number;
    }
  | {
      /** The tables' loads and the changes made meanwhile are in bronze: they can be applied. */
      readonly event: "complete";
      readonly tables: readonly string[];
    }
  | { readonly event: "streaming" }
  | {
      /** The table's changes are not replicated from here on, until it is reloaded. The others go on. */
      readonly event: "stopped";
      /** The lake's name of the table. */
      readonly table: string;
      readonly reason: string;
    }
  | {
      /** A change file is in bronze. */
      readonly event: "file";
      /** The lake's name of the table, or that of a control table. */
      readonly table: string;
    }
  | {
      readonly event: "written";
      /** Changes and files since the replication began. */
      readonly changes: number;
      readonly files: number;
    }
  | { readonly event: "reconnecting"; readonly reason: string; readonly inMs: number };

export type OnProgress = (event: ReplicationEvent) => void;
