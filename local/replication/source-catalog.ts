import type { Client } from "pg";

import { UserError } from "../../model/errors";
import type { Manifest } from "../../model/manifest";
import type { Source } from "../source/connection";
import { domains } from "../source/inspect";
import type { PreparedTable } from "../source/prepare";
import type { ControlConnection } from "./control-connection";
import { SourceChanged } from "./failures";
import type { LoadTable } from "./load-run";
import type { OnProgress } from "./progress";
import type { DomainOf } from "./relations";
import { ensurePrepared, findTables, identifySource } from "./source-check";
import { loadedTables, type SourceIdentity } from "./state";
import { lakeTables } from "./table-layout";

export interface SourceCatalogOptions {
  readonly source: Source;
  readonly manifest: Manifest;
  /** The lake's replication folder. */
  readonly folder: string;
  readonly control: ControlConnection;
  /** Whether the preparing SQL may be run. */
  readonly prepare: boolean;
  readonly onProgress: OnProgress;
}

interface View {
  readonly tables: readonly LoadTable[];
  readonly domains: Awaited<ReturnType<typeof domains>>;
}

/** What the source's catalog says of the lake's tables: as of the session's beginning, or of the last look. */
export class SourceCatalog {
  private readonly said = new Set<string>();
  private view: View = { tables: [], domains: new Map() };
  private mayPrepare: boolean;

  private constructor(
    private readonly options: SourceCatalogOptions,
    readonly identity: SourceIdentity,
  ) {
    this.mayPrepare = options.prepare;
  }

  /**
   * Looks at the source, preparing it where that is allowed.
   * @throws UserError for a source that cannot be replicated as it is
   */
  static async open(options: SourceCatalogOptions): Promise<SourceCatalog> {
    const { source, control } = options;
    return control.use(async (client) => {
      const catalog = new SourceCatalog(options, await identifySource(client, source));
      catalog.view = await catalog.look(client, await catalog.prepared(client));
      return catalog;
    });
  }

  /** The lake's tables that the source has. */
  get tables(): readonly LoadTable[] {
    return this.view.tables;
  }

  readonly domainOf: DomainOf = (typeOid) => this.view.domains.get(typeOid);

  /**
   * Looks at the source again. What is not prepared any more is prepared where that is allowed, and
   * said where it is not: the tables go on for as long as their changes can be represented.
   * @throws SourceChanged when a table was dropped, made, or made anew, which the stream does not say
   */
  async refresh(): Promise<void> {
    const view = await this.options.control.use(async (client) =>
      this.look(client, await this.preparedIfPossible(client)),
    );
    const ids = (tables: readonly LoadTable[]) =>
      new Map(tables.map(({ replicated, facts }) => [replicated.name, facts.oid]));
    const [before, now] = [ids(this.view.tables), ids(view.tables)];
    for (const name of new Set([...before.keys(), ...now.keys()])) {
      if (before.get(name) === now.get(name)) continue;
      throw new SourceChanged(`table ${name} was dropped, made, or made anew in the source`);
    }
    this.view = view;
  }

  private async look(client: Client, prepared: readonly PreparedTable[]): Promise<View> {
    const replicated = new Map(
      lakeTables(this.options.manifest).map((table) => [table.name, table]),
    );
    const tables = prepared.map((each): LoadTable => {
      const table = replicated.get(each.table.name);
      if (!table) throw new Error(`${each.table.name} is not a table of the lake`);
      return { ...each, replicated: table };
    });
    return { tables, domains: await domains(client) };
  }

  private prepared(client: Client): Promise<PreparedTable[]> {
    const { source, manifest, folder } = this.options;
    const loaded = loadedTables(folder);
    return ensurePrepared(client, source, manifest, this.mayPrepare, loaded, (text) =>
      this.sayOnce(text),
    );
  }

  private async preparedIfPossible(client: Client): Promise<PreparedTable[]> {
    try {
      return await this.prepared(client);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      // Tried once a session: what waits for a lock makes the application wait behind it.
      this.mayPrepare = false;
      this.sayOnce(error.message);
      return (await findTables(client, this.options.manifest)).found;
    }
  }

  private sayOnce(text: string): void {
    if (this.said.has(text)) return;
    this.said.add(text);
    this.options.onProgress({ event: "notice", text });
  }
}
