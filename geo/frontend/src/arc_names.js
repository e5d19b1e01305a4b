/* Names of distances: each beside its own arc, where there is room; none covers another name. */
import { crosses, freeSide } from "./label_layout.js";
/** @import { Position } from "geojson" */
/** @import { Box, Side } from "./label_layout.js" */

/** @typedef {{ label: string, line: Position[], lines?: Position[][] }} ArcName a distance, the line that is named, and
 * all of its lines, longitude before latitude */
/** @typedef {{ label: string, side: Side, at: L.LatLng }} PlacedArcName */

const HEIGHT = 15; // pixels of a line
const TRIED = 25; // spots along an arc
const EDGE = 2; // pixels from the map's edge to what is named there
const NEAR = 0.4; // of the map's larger side: an arc farther off is not named
const SMALLEST = 48; // pixels of an arc that is named, across or down
const CLEAR = 2; // pixels from a name to any arc

/** Spots along a line, from its middle to its ends.
 * @param {Position[]} line @returns {Position[]} */
export function spotsAlong(line) {
  const last = line.length - 1;
  const numbers = Array.from({ length: TRIED }, (_, step) => {
    const away = Math.ceil(step / 2) / (TRIED - 1) * (step % 2 ? 1 : -1);
    return Math.round((0.5 + away) * last);
  });
  return [...new Set(numbers)].filter((at) => at >= 0 && at <= last).map((at) => line[at]);
}

/** The spot of a line that is nearest to the map, at the map's edge; null if it is far from there.
 * @param {L.Map} map @param {Position[]} line @returns {L.Point | null} */
function edgeOf(map, line) {
  const frame = map.getSize();
  const found = line.map(([lon, lat]) => {
    const { x, y } = map.latLngToContainerPoint([lat, lon]);
    const at = L.point(Math.min(Math.max(x, EDGE), frame.x - EDGE), Math.min(Math.max(y, EDGE), frame.y - EDGE));
    return { at, off: Math.hypot(x - at.x, y - at.y) };
  }).reduce((a, b) => (b.off < a.off ? b : a));
  return found.off < NEAR * Math.max(frame.x, frame.y) ? found.at : null;
}

/** What is tried for the name of an arc: beside it, or at the edge beyond which it is.
 * @param {L.Map} map @param {ArcName} arc @returns {Array<[at: L.Point, text: string]>} */
function listTries(map, { label, line }) {
  /** @type {Array<[at: L.Point, text: string]>} */
  const tries = spotsAlong(line).map(([lon, lat]) => [map.latLngToContainerPoint([lat, lon]), label]);
  const edge = edgeOf(map, line);
  if (!edge) return tries;
  const { x: width } = map.getSize();
  for (const down of [0, 24, -24, 48, -48, 96, -96]) {
    tries.push([L.point(edge.x, edge.y + down), edge.x < width / 2 ? `← ${label}` : `${label} →`]);
  }
  return tries;
}

/** The lines of arcs in pixels of the map. @param {L.Map} map @param {ArcName[]} arcs @returns {L.Point[][]} */
export const arcLines = (map, arcs) => arcs.flatMap(({ line, lines = [line] }) => lines.map((one) => (
  one.map(([lon, lat]) => map.latLngToContainerPoint([lat, lon])))));

/** The same as small boxes, which names of places better leave free.
 * @param {L.Map} map @param {ArcName[]} arcs @returns {Box[]} */
export const arcBoxes = (map, arcs) => arcLines(map, arcs).flatMap((line) => line
  .filter((_, at) => at % 2 === 0).map(({ x, y }) => /** @type {Box} */ ([x - 3, y - 3, x + 3, y + 3])));

/** Where the name of each arc is that is large enough, clear of all arcs; a place that is taken once is not taken
 * again. `left`: the arcs in sight whose name has no room.
 * @param {L.Map} map @param {ArcName[]} arcs @param {Box[]} taken @param {(text: string) => number} measure width in pixels
 * @returns {{ placed: PlacedArcName[], left: string[] }} */
export function placeArcNames(map, arcs, taken, measure) {
  const frame = map.getSize();
  const lines = arcLines(map, arcs);
  /** @type {PlacedArcName[]} */
  const placed = [];
  /** @type {string[]} */
  const left = [];
  for (const arc of arcs) {
    const drawn = arc.line.map(([lon, lat]) => map.latLngToContainerPoint([lat, lon]));
    const { x, y } = L.bounds(drawn).getSize();
    if (Math.max(x, y) < SMALLEST) continue;
    const found = findSpot(map, listTries(map, arc), taken, lines, measure);
    if (found) {
      taken.push(found.box);
      placed.push({ label: found.label, side: found.side, at: map.containerPointToLatLng(found.at) });
    } else if (drawn.some((at) => at.x > 0 && at.y > 0 && at.x < frame.x && at.y < frame.y)) left.push(arc.label);
  }
  return { placed, left };
}

/** The first spot at which a name is on nothing that is taken, and on no line; null for none.
 * @param {L.Map} map @param {Array<[at: L.Point, text: string]>} tries @param {Box[]} taken @param {L.Point[][]} lines
 * @param {(text: string) => number} measure */
function findSpot(map, tries, taken, lines, measure) {
  const frame = map.getSize();
  for (const [at, label] of tries) {
    const size = { width: measure(label), height: HEIGHT };
    const found = freeSide(at, "left", size, frame, taken, undefined, ([left, top, right, bottom]) => {
      /** @type {Box} */
      const wide = [left - CLEAR, top - CLEAR, right + CLEAR, bottom + CLEAR];
      return !lines.some((line) => crosses(line, wide));
    });
    if (found) return { ...found, at, label };
  }
  return null;
}

/** Show the names of the arcs that are drawn, where they were laid, and hide those of others.
 * @param {L.Map} map @param {ArcName[]} arcs */
export function showArcNames(map, arcs) {
  const drawn = new Set(arcs.map(({ label }) => label));
  for (const name of /** @type {NodeListOf<HTMLElement>} */ (map.getContainer().querySelectorAll(".arc-name"))) {
    name.hidden = !drawn.has(name.textContent ?? "");
  }
}
