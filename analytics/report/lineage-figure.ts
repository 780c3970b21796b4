import { type Html, html } from "./html";
import { ancestorsOf, type Lineage, type LineageEdge, type LineageNode } from "./lineage";

const COLUMN = 220;
const ROW = 27;
const NODE = { width: 184, height: 21 } as const;
const TOP = 30;
const MARGIN = 6;
/** Characters that fit into a node at 11 px. */
const FITS = 28;

/**
 * The lineage graph. Each node names its ancestors, so that the page's script can light them up;
 * without a script it is a still drawing, and the list below says the same in words.
 */
export function renderLineage(lineage: Lineage): Html {
  const { nodes, edges, columns, rows, heights } = lineage;
  const columnOf = new Map(nodes.map(({ id, column }) => [id, column]));
  const index = new Map(nodes.map(({ id }, i) => [id, i]));
  const width = (columns - 1) * COLUMN + NODE.width + 2 * MARGIN;
  const height = TOP + rows * ROW + MARGIN;
  return html`<div class="scroll lineage" tabindex="0" role="region" aria-label="Lineage graph">
      <svg
        viewBox="0 0 ${width} ${height}"
        style="min-width:${Math.round(width * 0.82)}px"
        role="group"
        aria-label="Lineage from source tables through silver to gold models"
      >
        ${heads(lineage).map(
          ({ x, title }) => html`<text class="head" x="${x}" y="14">${title}</text>`,
        )}
        ${edges.map((edge) => edgePath(edge, columnOf.get(edge.from)!, index))}
        ${nodes.map((node) => nodeBox(node, heights.get(node.id)!, nodes, index))}
      </svg>
    </div>
    <details class="numbers">
      <summary>As a list</summary>
      <ul class="plain">
        ${nodes
          .filter(({ layer }) => layer === "gold")
          .map(
            ({ name, description, inputs }) =>
              html`<li><b>${name}</b>: ${description}. Reads ${inputs.join(", ")}.</li>`,
          )}
      </ul>
    </details>`;
}

function heads({ nodes, columns }: Lineage): { x: number; title: string }[] {
  return Array.from({ length: columns }, (_, column) => {
    const layer = nodes.find((node) => node.column === column)?.layer ?? "gold";
    const title = { source: "Source", silver: "Silver", gold: "Gold" }[layer];
    return { x: left(column), title: column <= 2 ? title : `${title}, from gold` };
  });
}

const left = (column: number) => MARGIN + column * COLUMN;
const middle = (height: number) => TOP + height * ROW;

/** Bends between columns, and passes straight through the columns on its way. */
function edgePath(
  { from, to, heights }: LineageEdge,
  column: number,
  index: ReadonlyMap<string, number>,
): Html {
  const gap = COLUMN - NODE.width;
  let path = "";
  heights.slice(1).forEach((height, step) => {
    const x = left(column + step) + NODE.width;
    const [y1, y2] = [middle(heights[step]!).toFixed(1), middle(height).toFixed(1)];
    path += step === 0 ? `M${x} ${y1}` : `H${x}`;
    path += `C${x + gap * 0.6} ${y1} ${x + gap * 0.4} ${y2} ${x + gap} ${y2}`;
  });
  return html`<path
    class="edge"
    data-from="${index.get(from)}"
    data-to="${index.get(to)}"
    d="${path}"
  />`;
}

function nodeBox(
  node: LineageNode,
  height: number,
  nodes: readonly LineageNode[],
  index: ReadonlyMap<string, number>,
): Html {
  const ancestors = [...ancestorsOf(node.id, nodes)].map((id) => index.get(id)!);
  const reads = node.inputs.length > 0 ? `, reads ${node.inputs.join(", ")}` : "";
  const label = node.name.length > FITS ? `${node.name.slice(0, FITS - 1)}…` : node.name;
  return html`<g
    class="node ${node.layer}"
    tabindex="0"
    data-node="${index.get(node.id)}"
    data-ancestors="${ancestors.join(" ")}"
    transform="translate(${left(node.column)} ${(middle(height) - NODE.height / 2).toFixed(1)})"
  >
    <title>${node.id}: ${node.description}${reads}</title>
    <rect width="${NODE.width}" height="${NODE.height}" rx="4" />
    <text x="8" y="${NODE.height / 2}">${label}</text>
  </g>`;
}
