import type { Figure, ReportSection, Tile } from "../../lakes/report";
import { inParallel } from "../in-parallel";
import { columnsOf } from "./figures/render";
import { type Query, type Row, toRows } from "./rows";

/** What a query gave, or why it gave nothing. */
export type Answer = { readonly rows: readonly Row[] } | { readonly error: string };

/** A part of the page that could not be made. */
export interface ReportFailure {
  readonly title: string;
  readonly error: string;
}

/** The answers to all queries of a page, by the tile or figure that asked. */
export class Answers {
  private readonly answers = new Map<object, Answer>();
  readonly failures: ReportFailure[] = [];

  constructor(
    private readonly query: Query,
    private readonly now: Date,
  ) {}

  /** Asks everything, a few queries at a time; a query that fails takes nothing else with it. */
  async ask(tiles: readonly Tile[], sections: readonly ReportSection[]): Promise<void> {
    const asked = [
      ...tiles.map((tile) => () => this.one(tile, tile.title, tile.sql, tileColumns(tile))),
      ...sections.flatMap(({ figures, facet }) =>
        figures.map(
          (figure) => () =>
            this.one(figure, figure.title, figure.sql, [
              ...columnsOf(figure),
              ...(facet && figure.faceted ? [facet.column] : []),
            ]),
        ),
      ),
    ];
    await inParallel(asked, (ask) => ask());
  }

  /** Rows of one query that belongs to no figure; none where it fails. */
  async rowsOf(title: string, sql: string, columns: readonly string[]): Promise<readonly Row[]> {
    const asker = {};
    await this.one(asker, title, sql, columns);
    const answer = this.answers.get(asker)!;
    return "rows" in answer ? answer.rows : [];
  }

  of(asker: Tile | Figure): Answer {
    return this.answers.get(asker) ?? { error: "was not asked" };
  }

  private async one(
    asker: object,
    title: string,
    sql: string,
    columns: readonly string[],
  ): Promise<void> {
    try {
      const rows = toRows(await this.query(withTime(sql, this.now)), columns);
      this.answers.set(asker, { rows });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.answers.set(asker, { error: message });
      this.failures.push({ title, error: message });
    }
  }
}

function tileColumns({ value, change, note }: Tile): string[] {
  return [value.column, value.unit, change, note].filter((column) => column !== undefined);
}

/** Puts the page's day and time (UTC) in for `:today` and `:now`. */
export function withTime(sql: string, now: Date): string {
  const iso = now.toISOString();
  return sql
    .replace(/(?<!:):today\b/g, `DATE '${iso.slice(0, 10)}'`)
    .replace(/(?<!:):now\b/g, `TIMESTAMP '${iso.slice(0, 10)} ${iso.slice(11, 23)}'`);
}
