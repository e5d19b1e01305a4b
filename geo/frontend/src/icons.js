/* Icons of evidence kinds and stances, and the ring of a place's reports. */
import { config } from "./config.js";
import { pathIcon, shape, svg } from "./dom.js";

/** @param {string} name @param {number} size pixels */
export const evidenceIcon = (name, size) => pathIcon(config.signs.evidence[name] || config.signs.evidence.page, size);

/** @param {string} name @param {number} [size] pixels */
export const stanceIcon = (name, size = 18) => pathIcon(config.signs.stance[name] || config.signs.stance.dot, size);

/** A ring whose arcs are the stances of the claims, with their number in it.
 * @param {Array<{stance: string, count: number, opacity: number}>} parts @param {number} total */
export function ring(parts, total) {
  const length = 2 * Math.PI * 20.5;
  const gap = parts.length > 1 ? 1.5 : 0;
  let start = 0;
  const arcs = parts.map(({ stance, count, opacity }) => {
    const share = count / total;
    const arc = shape("circle", {
      cx: 24, cy: 24, r: 20.5, fill: "none", class: `arc stance-${stance}`,
      "stroke-dasharray": `${Math.max(share * length - gap, 1)} ${length}`,
      "stroke-dashoffset": -start * length, "stroke-opacity": opacity,
      transform: "rotate(-90 24 24)",
    });
    start += share;
    return arc;
  });
  const disc = shape("circle", { cx: 24, cy: 24, r: 17, class: "badge-fill" });
  return svg(44, "0 0 48 48", disc, ...arcs, shape("text", { x: 24, y: 24, class: "badge-count" }, total));
}
