/* Icons of evidence kinds and stances, and the ring of a place's reports. */
import { config } from "./config.js";
import { shape, svg } from "./dom.js";

/** @param {string} d a path in 16 x 16 units @param {number} size pixels */
function drawn(d, size) {
  const node = svg(size);
  node.append(shape("path", { d, fill: "none", stroke: "currentColor" }));
  return node;
}

/** @param {string} name @param {number} [size] */
export const evidenceIcon = (name, size = 18) => drawn(config.signs.evidence[name] || config.signs.evidence.page, size);

/** @param {string} name @param {number} [size] */
export const stanceIcon = (name, size = 18) => drawn(config.signs.stance[name] || config.signs.stance.dot, size);

/** A ring whose arcs are the stances of the claims, with their number in it.
 * @param {Array<{stance: string, count: number, opacity: number}>} parts @param {number} total
 * @param {number} size pixels */
export function ring(parts, total, size) {
  const node = svg(size, "0 0 48 48");
  node.append(shape("circle", { cx: 24, cy: 24, r: 17, class: "badge-fill" }));
  const length = 2 * Math.PI * 20.5;
  const gap = parts.length > 1 ? 1.5 : 0;
  let start = 0;
  for (const part of parts) {
    const share = part.count / total;
    node.append(shape("circle", {
      cx: 24, cy: 24, r: 20.5, fill: "none", class: `arc stance-${part.stance}`,
      "stroke-dasharray": `${Math.max(share * length - gap, 1)} ${length}`,
      "stroke-dashoffset": -start * length, "stroke-opacity": part.opacity,
      transform: "rotate(-90 24 24)",
    }));
    start += share;
  }
  const text = shape("text", { x: 24, y: 24, class: "badge-count" });
  text.textContent = String(total);
  node.append(text);
  return node;
}
