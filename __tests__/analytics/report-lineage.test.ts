import { ancestorsOf, layOutLineage } from "../../analytics/report/lineage";
import { loadLake } from "../../lakes/load";

const { manifest } = loadLake("saas");
const lineage = layOutLineage(manifest);

describe("the lineage graph", () => {
  it("has a source and a silver node per table and a node per model, inputs further left", () => {
    expect(lineage.nodes).toHaveLength(2 * manifest.tables.length + manifest.models.length);
    const column = new Map(lineage.nodes.map((node) => [node.id, node.column]));
    for (const { id, inputs } of lineage.nodes) {
      for (const input of inputs) expect(column.get(input)).toBeLessThan(column.get(id) as number);
    }
    expect(column.get("source.public.core_order")).toBe(0);
    expect(column.get("silver.core_order")).toBe(1);
    expect(column.get("gold.revenue_daily")).toBe(2);
    expect(column.get("gold.revenue_quarterly")).toBe(4);
  });

  it("has a line from every input to its reader, with a place in every column between", () => {
    const reads = manifest.models.flatMap(({ inputs }) => inputs).length;
    expect(lineage.edges).toHaveLength(manifest.tables.length + reads);
    const column = new Map(lineage.nodes.map((node) => [node.id, node.column]));
    for (const { from, to, heights } of lineage.edges) {
      expect(heights).toHaveLength(column.get(to)! - column.get(from)! + 1);
      expect(heights[0]).toBe(lineage.heights.get(from));
      expect(heights.at(-1)).toBe(lineage.heights.get(to));
    }
  });

  it("never lays two nodes of a column over each other, and stays inside the drawing", () => {
    for (let column = 0; column < lineage.columns; column += 1) {
      const heights = lineage.nodes
        .filter((node) => node.column === column)
        .map(({ id }) => lineage.heights.get(id) as number)
        .sort((a, b) => a - b);
      expect(heights[0]).toBeGreaterThanOrEqual(0.5 - 1e-9);
      expect(heights.at(-1)).toBeLessThanOrEqual(lineage.rows - 0.5 + 1e-9);
      heights.slice(1).forEach((height, i) => {
        expect(height - heights[i]!).toBeGreaterThanOrEqual(1 - 1e-9);
      });
    }
  });

  it("knows everything a model is made from", () => {
    expect([...ancestorsOf("gold.revenue_quarterly", lineage.nodes)].sort()).toEqual([
      "gold.revenue_daily",
      "gold.revenue_monthly",
      "silver.core_order",
      "source.public.core_order",
    ]);
    expect(ancestorsOf("source.public.core_order", lineage.nodes).size).toBe(0);
  });
});
