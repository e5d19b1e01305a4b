/* Where no name may be on the map: symbols with their text, legend, buttons. */
/** @import { Box } from "./label_layout.js" */

const OBSTACLES = ".site .badge, .site .site-text, .legend, .scale-box, .leaflet-bar, .attribution, .locator, .complaint, .staged .north";
const OTHER = /** @type {const} */ ({ left: "right", right: "left" });

/** @param {DOMRect} one @param {DOMRect} other */
const apart = (one, other) => one.right <= other.left || one.left >= other.right
  || one.bottom <= other.top || one.top >= other.bottom;

/** @param {Element} node */
function boxOfText(node) {
  const range = document.createRange();
  range.selectNodeContents(node);
  return range.getBoundingClientRect();
}

/** Put a name that would run off the map, or under its buttons, at its symbol's other side.
 * @param {MapState} state */
function turnNames({ map, options }) {
  if (options.stage) return;
  const frame = map.getContainer().getBoundingClientRect();
  const sites = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".site")]);
  const fixed = [...document.querySelectorAll(".leaflet-bar")].map((node) => node.getBoundingClientRect());
  for (const node of sites) {
    const name = /** @type {HTMLElement} */ (node.querySelector(".site-name"));
    node.dataset.side ||= node.classList.contains("side-left") ? "left" : "right";
    const own = /** @type {"left" | "right"} */ (node.dataset.side);
    /** @param {"left" | "right"} side */
    const put = (side) => node.classList.replace(`side-${OTHER[side]}`, `side-${side}`);
    const others = sites.filter((other) => other !== node)
      .map((other) => (other.querySelector(".badge") || other).getBoundingClientRect());
    const fits = () => {
      const box = boxOfText(name);
      const inside = box.left >= frame.left + 2 && box.right <= frame.right - 2;
      return inside && [...fixed, ...others].every((other) => apart(box, other));
    };
    put(own);
    if (!name.offsetWidth || fits()) continue;
    put(OTHER[own]);
    if (!fits()) put(own);
  }
}

/** Where no name may be, in pixels of the map's container.
 * @param {MapState} state @returns {Box[]} */
export function obstacles(state) {
  turnNames(state);
  const { scale } = state; // a stage shows the map larger than it is drawn
  const frame = state.map.getContainer().getBoundingClientRect();
  return [...document.querySelectorAll(OBSTACLES)].map((node) => {
    const box = node.getBoundingClientRect();
    return [
      (box.left - frame.left) / scale, (box.top - frame.top) / scale,
      (box.right - frame.left) / scale, (box.bottom - frame.top) / scale,
    ];
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
