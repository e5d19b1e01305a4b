/* Fixed things on the map, which nothing else may lie on: legend, buttons, scale bar, attribution. */
/** @import { Box } from "./label_layout.js" */

const OBSTACLES = ".legend, .scale-box, .leaflet-bar, .attribution, .north, .complaint, .measure-box, .more-places";

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

/** The outlines of the places in sight, as lines in pixels of the map's container: a small name on one
 * cannot be read.
 * @param {MapState} state @returns {L.Point[][]} */
export function outlines({ map, data }) {
  const sight = map.getBounds().pad(0.1);
  /** @type {L.Point[][]} */
  const lines = [];
  for (const { geometry } of data?.places.features || []) {
    if (!/Polygon|LineString/.test(geometry.type)) continue;
    if (!sight.intersects(L.geoJSON(geometry).getBounds())) continue;
    lines.push(...linesOf(/** @type {any} */ (geometry).coordinates).map((line) =>
      line.map(([lon, lat]) => map.latLngToContainerPoint([lat, lon]))));
  }
  return lines;
}

/** The lines in nested coordinates.
 * @param {any} coordinates @returns {number[][][]} */
const linesOf = (coordinates) => (typeof coordinates[0][0] === "number" ? [coordinates] : coordinates.flatMap(linesOf));
