/** Texts whose contrast with what is behind them is below 4.5 (WCAG 2.2, 1.4.3). Runs in the page. */
(function lowContrast() {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const luminance = (layers) => {
    pen.clearRect(0, 0, 1, 1);
    for (const color of layers) {
      pen.fillStyle = color;
      pen.fillRect(0, 0, 1, 1);
    }
    const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data].map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const text = [...element.childNodes]
      .filter((node) => node.nodeType === Node.TEXT_NODE)
      .map((node) => node.textContent.trim())
      .join("");
    if (!text || element.getBoundingClientRect().width === 0) continue;
    const style = getComputedStyle(element);
    const behind = [];
    for (let at = element; at; at = at.parentElement) {
      if (at instanceof SVGElement && at.previousElementSibling?.tagName === "rect") {
        behind.unshift(getComputedStyle(at.previousElementSibling).fill);
      }
      behind.unshift(getComputedStyle(at).backgroundColor);
    }
    const ink = element instanceof SVGElement ? style.fill : style.color;
    const [a, b] = [luminance(behind), luminance([...behind, ink])];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) found.push(`${contrast.toFixed(2)}: ${text.slice(0, 40)}`);
  }
  return [...new Set(found)];
})();
