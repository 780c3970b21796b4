import { UserError } from "../../model/errors";
import type { ColumnSource } from "./columns";
import type { Relation } from "./pgoutput";
import { layOut, type ReplicatedTable, type TableLayout } from "./table-layout";

/** The base type of a domain, which the stream names by its object id alone. */
export type DomainOf = (typeOid: number) => Omit<ColumnSource, "name"> | undefined;

/** A table of the lake, or a control table, as the stream describes it now. */
export interface StreamedTable {
  readonly table: ReplicatedTable;
  /** The error: its columns cannot be represented. */
  readonly layout: TableLayout | UserError;
}

/** PostgreSQL's object id of the type numeric. */
const NUMERIC = 1700;

/** The relations that a stream has described, by their object id. */
export class Relations {
  private readonly known = new Map<number, StreamedTable>();
  private readonly tables: ReadonlyMap<string, ReplicatedTable>;

  constructor(
    tables: readonly ReplicatedTable[],
    private readonly domainOf: DomainOf,
  ) {
    this.tables = new Map(tables.map((table) => [`${table.schema}.${table.table}`, table]));
  }

  /** Takes a description in. It is repeated at times: equal columns keep their layout. */
  describe(relation: Relation): void {
    const table = this.named(relation.schema, relation.name);
    if (!table) {
      this.known.delete(relation.oid);
      return;
    }
    const columns = relation.columns.map((column) => ({
      typeName: column.typeOid === NUMERIC ? "numeric" : `type ${column.typeOid}`,
      ...column,
      ...this.domainOf(column.typeOid),
    }));
    const layout = representable(() => layOut(table, columns));
    const known = this.known.get(relation.oid);
    if (known?.table === table && signature(known.layout) === signature(layout)) return;
    this.known.set(relation.oid, { table, layout });
  }

  /** `undefined` for a relation that is not replicated. */
  get(oid: number): StreamedTable | undefined {
    return this.known.get(oid);
  }

  /** The replicated table of that name in the source. */
  named(schema: string | undefined, name: string | undefined): ReplicatedTable | undefined {
    return this.tables.get(`${schema}.${name}`);
  }
}

/** What the work gives, or the error that says why the lake cannot represent it. */
export function representable<T>(work: () => T): T | UserError {
  try {
    return work();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

function signature(layout: StreamedTable["layout"]): string {
  return layout instanceof UserError ? layout.message : layout.signature;
}
