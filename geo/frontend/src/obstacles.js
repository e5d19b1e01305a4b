/* Fixed things on the map, which nothing else may lie on: legend, buttons, scale bar, attribution. */
/** @import { Box } from "./label_layout.js" */

const OBSTACLES = ".legend, .scale-box, .leaflet-bar, .attribution, .north, .complaint, .measure-box";
const MORE = ".more-places"; // those that have no room

/** Boxes that are known while days are played: of the fixed things, and of the places that have no room by its words.
 * @typedef {{ boxes: Box[], more: Map<string, Box[]> }} HeldObstacles */

/** Boxes of the fixed things, in pixels of the map's container.
 * @param {MapState} state @returns {Box[]} */
export const obstacles = (state) => state.held?.boxes ?? measure(state, OBSTACLES);

/** Measure the fixed things once for all frames that follow, until all names are laid anew.
 * @param {MapState} state */
export function holdObstacles(state) {
  state.held = { boxes: measure(state, OBSTACLES), more: new Map() };
}

/** The box of the places that have no room; empty where all have.
 * @param {MapState} state @returns {Box[]} */
export function boxOfMore(state) {
  if (!state.held) return measure(state, MORE);
  const node = state.map.getContainer().querySelector(MORE);
  const open = node?.querySelector("[aria-expanded=true]") ? node.getAttribute("data-places") : "";
  const key = `${node?.firstElementChild?.textContent}|${open}`;
  const found = state.held.more.get(key) ?? measure(state, MORE);
  state.held.more.set(key, found);
  return found;
}

/** @param {MapState} state @param {string} selector @returns {Box[]} */
function measure({ map, scale }, selector) { // a stage shows the map larger than it is drawn
  const frame = map.getContainer().getBoundingClientRect();
  return [...map.getContainer().querySelectorAll(selector)].flatMap((node) => {
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
