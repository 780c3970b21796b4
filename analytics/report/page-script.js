// What the page can do beyond showing: tooltips on charts, ancestors in the lineage graph.
// Without it nothing is missing but these; everything shown is taken from the page's own tables.
(() => {
  "use strict";

  const element = (name, className, text) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  function chartTips(chart) {
    const count = Number(chart.dataset.count);
    const table = chart.parentElement.querySelector("table");
    if (!table || count === 0) return;
    const names = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
    const rows = [...table.tBodies[0].rows];
    let guide;
    let tip;

    const hide = () => {
      guide?.remove();
      tip?.remove();
      guide = tip = undefined;
    };
    const show = (event) => {
      const drawing = [...chart.children].find(
        (child) => child.offsetWidth > 0 && child.dataset.left,
      );
      if (!drawing) return;
      const box = chart.getBoundingClientRect();
      const left = Number(drawing.dataset.left) * box.width;
      const width = Number(drawing.dataset.width) * box.width;
      const index = Math.floor(((event.clientX - box.left - left) / width) * count);
      if (index < 0 || index >= count) return hide();
      if (!tip) {
        guide = chart.appendChild(element("div", "guide"));
        tip = chart.appendChild(element("div", "tip"));
      }
      const cells = [...rows[index].cells].map((cell) => cell.textContent.trim());
      const list = element("dl");
      for (let i = 1; i < cells.length; i += 1) {
        list.append(element("dt", "", names[i]), element("dd", "", cells[i]));
      }
      tip.replaceChildren(element("b", "", cells[0]), list);
      const x = left + ((index + 0.5) / count) * width;
      guide.style.left = `${x}px`;
      const after = x + 14 + tip.offsetWidth <= box.width;
      const place = after ? x + 14 : Math.max(0, x - 14 - tip.offsetWidth);
      tip.style.left = `${Math.min(place, Math.max(0, box.width - tip.offsetWidth))}px`;
    };

    chart.addEventListener("pointermove", show);
    chart.addEventListener("pointerdown", show);
    chart.addEventListener("pointerleave", hide);
  }

  function lineageLights(graph) {
    const nodes = [...graph.querySelectorAll(".node")];
    const edges = [...graph.querySelectorAll(".edge")];
    let picked = null;

    const light = (node) => {
      const on = new Set(
        node ? [node.dataset.node, ...node.dataset.ancestors.split(" ").filter(Boolean)] : [],
      );
      graph.classList.toggle("lit", node !== null);
      for (const each of nodes) {
        each.classList.toggle("on", on.has(each.dataset.node));
        each.classList.toggle("picked", each === node);
      }
      for (const { classList, dataset } of edges) {
        classList.toggle("on", on.has(dataset.from) && on.has(dataset.to));
      }
    };
    for (const node of nodes) {
      node.addEventListener("pointerenter", () => light(node));
      node.addEventListener("pointerleave", () => light(picked));
      node.addEventListener("focus", () => light(node));
      node.addEventListener("blur", () => light(picked));
      node.addEventListener("click", () => light((picked = picked === node ? null : node)));
    }
  }

  document.querySelectorAll(".chart").forEach(chartTips);
  document.querySelectorAll(".lineage").forEach(lineageLights);
})();
