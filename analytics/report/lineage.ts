import type { Manifest } from "../../model/manifest";
import { type LayeredItem, layOut } from "./layered-layout";

/** A table or model in the lineage graph. */
export interface LineageNode {
  /** `source.public.core_order`, `silver.core_order`, `gold.revenue_daily`. */
  readonly id: string;
  readonly layer: "source" | "silver" | "gold";
  readonly name: string;
  readonly description: string;
  /** Column of the drawing, from 0; every input is further left. */
  readonly column: number;
  readonly inputs: readonly string[];
}

/** From an input to what reads it, with a place to pass in every column between the two. */
export interface LineageEdge {
  readonly from: string;
  readonly to: string;
  /** Heights in rows, one per column from the input's to the reader's, both included. */
  readonly heights: readonly number[];
}

export interface Lineage {
  readonly nodes: readonly LineageNode[];
  readonly edges: readonly LineageEdge[];
  readonly columns: number;
  /** Height of a node's middle, in rows, by its id. */
  readonly heights: ReadonlyMap<string, number>;
  /** Rows that the drawing is high. */
  readonly rows: number;
}

/** A line that passes through a column takes this part of a row. */
const PASSAGE = 0.3;

/** From source tables through silver to gold, laid out left to right so that few lines cross. */
export function layOutLineage(manifest: Manifest): Lineage {
  const nodes = lineageNodes(manifest);
  const columnOf = new Map(nodes.map(({ id, column }) => [id, column]));
  const columns = Math.max(0, ...nodes.map(({ column }) => column + 1));
  const items: LayeredItem[][] = Array.from({ length: columns }, () => []);
  for (const { id, column } of nodes) items[column]!.push({ id, height: 1, before: [] });
  const find = new Map(items.flat().map((item) => [item.id, item]));
  const routes = nodes.flatMap(({ id: to, column, inputs }) =>
    inputs
      .filter((from) => columnOf.has(from))
      .map((from) => {
        const stops = [from];
        for (let at = columnOf.get(from)! + 1; at < column; at += 1) {
          const stop = { id: `${from} > ${at}`, height: PASSAGE, before: [stops.at(-1)!] };
          // readers further right share the passages of one input
          if (!find.has(stop.id)) {
            find.set(stop.id, stop);
            items[at]!.push(stop);
          }
          stops.push(stop.id);
        }
        find.get(to)!.before.push(stops.at(-1)!);
        return { from, to, stops: [...stops, to] };
      }),
  );
  const { heights, rows } = layOut(items);
  return {
    nodes,
    columns,
    heights,
    rows,
    edges: routes.map(({ from, to, stops }) => ({
      from,
      to,
      heights: stops.map((stop) => heights.get(stop)!),
    })),
  };
}

function lineageNodes({ tables, models }: Manifest): LineageNode[] {
  const found = new Map<string, LineageNode>();
  for (const { name, description, source_schema, source_table } of tables) {
    const source = `source.${source_schema}.${source_table}`;
    const common = { name, description };
    found.set(source, {
      ...common,
      id: source,
      layer: "source",
      name: source_table,
      column: 0,
      inputs: [],
    });
    const silver = `silver.${name}`;
    found.set(silver, { ...common, id: silver, layer: "silver", column: 1, inputs: [source] });
  }
  for (const { name, description, inputs } of models) {
    const column = 1 + Math.max(1, ...inputs.map((input) => found.get(input)?.column ?? 1));
    const id = `gold.${name}`;
    found.set(id, { id, layer: "gold", name, description, column, inputs });
  }
  return [...found.values()];
}

/** Everything that the node is made from, itself not included. */
export function ancestorsOf(id: string, nodes: readonly LineageNode[]): Set<string> {
  const inputs = new Map(nodes.map((node) => [node.id, node.inputs]));
  const found = new Set<string>();
  const visit = (from: string) => {
    for (const input of inputs.get(from) ?? []) {
      if (found.has(input)) continue;
      found.add(input);
      visit(input);
    }
  };
  visit(id);
  return found;
}
