/* Fixed things on the map, which nothing else may lie on: legend, buttons, scale bar, attribution. */
/** @import { Box } from "./label_layout.js" */

const OBSTACLES = ".legend, .scale-box, .leaflet-bar, .attribution, .north, .complaint, .locator, .measure-box, .more-places";

/** Boxes of the fixed things, in pixels of the map's container.
 * @param {MapState} state @returns {Box[]} */
export function obstacles({ map, scale }) { // a stage shows the map larger than it is drawn
  const frame = map.getContainer().getBoundingClientRect();
  return [...map.getContainer().querySelectorAll(OBSTACLES)].flatMap((node) => {
    const box = node.getBoundingClientRect();
    if (!box.width || !box.height) return [];
    return [/** @type {Box} */ ([
      (box.left - frame.left) / scale, (box.top - frame.top) / scale,
      (box.right - frame.left) / scale, (box.bottom - frame.top) / scale,
    ])];
  });
}
