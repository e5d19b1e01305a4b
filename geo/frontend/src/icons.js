/* Icons of evidence kinds and stances, and the ring of a place's reports. */
import { config } from "./config.js";
import { pathIcon, shape, svg } from "./dom.js";
import { outlineRing, ringPath } from "./ring_shapes.js";
/** @import { RingPart } from "./ring_shapes.js" */

/** @param {string} name @param {number} size pixels */
export const evidenceIcon = (name, size) => pathIcon(config.signs.evidence[name] || config.signs.evidence.page, size);

/** ≠ in its circle, as beside a place on which sources differ. @param {number} size pixels */
export const conflictIcon = (size) => pathIcon(config.signs.conflict.unequal, size);

/** @param {string} name @param {number} [size] pixels */
export const stanceIcon = (name, size = 18) => pathIcon(config.signs.stance[name] || config.signs.stance.dot, size);

/** A ring whose arcs are the stances of the claims, with their number in it.
 * @param {RingPart[]} parts @param {number} total */
export function ring(parts, total) {
  const outlines = outlineRing(parts);
  const arcs = parts.map(({ stance, opacity }, at) => shape("path", {
    d: ringPath(outlines[at]), class: `arc stance-${stance}`, "fill-opacity": opacity,
  }));
  const base = shape("circle", { cx: 24, cy: 24, r: 23.8, class: "badge-base" });
  const disc = shape("circle", { cx: 24, cy: 24, r: 16.6, class: "badge-fill" });
  return svg(44, "0 0 48 48", base, ...arcs, disc, shape("text", { x: 24, y: 24, class: "badge-count" }, total));
}

/** The sign of a stance for a legend: a piece of its ring, and its mark.
 * @param {string} stance @param {string} mark */
export function stanceSwatch(stance, mark) {
  const piece = shape("path", { d: config.signs.ring[stance] ?? config.signs.ring.leaving, class: "arc" });
  const path = shape("path", { d: config.signs.stance[mark], class: "stance-mark", transform: "translate(8.6 2.2) scale(.98)" });
  const node = svg(24, "0 0 24 20", piece, path);
  node.setAttribute("height", "20");
  node.classList.add("stance-swatch", `stance-${stance}`);
  return node;
}
