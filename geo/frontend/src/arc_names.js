/* Names of distances: each beside its own arc, where there is room; none covers another name. */
import { freeSide } from "./label_layout.js";
/** @import { Position } from "geojson" */
/** @import { Box, Side } from "./label_layout.js" */

/** @typedef {{ label: string, line: Position[] }} ArcName a distance and its line, longitude before latitude */

const HEIGHT = 15; // pixels of a line
const TRIED = 25; // spots along an arc
const EDGE = 2; // pixels from the map's edge to what is named there
const NEAR = 0.4; // of the map's larger side: an arc farther off is not named
const SMALLEST = 90; // pixels of an arc that is named, across or down

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

/** Where the name of each arc is that is large enough; a place that is taken once is not taken again.
 * @param {L.Map} map @param {ArcName[]} arcs @param {Box[]} taken @param {(text: string) => number} measure width in pixels
 * @returns {Array<{ label: string, side: Side, at: L.LatLng }>} */
export function placeArcNames(map, arcs, taken, measure) {
  const frame = map.getSize();
  return arcs.flatMap((arc) => {
    const { x, y } = L.bounds(arc.line.map(([lon, lat]) => map.latLngToContainerPoint([lat, lon]))).getSize();
    if (Math.max(x, y) < SMALLEST) return [];
    for (const [at, label] of listTries(map, arc)) {
      const free = freeSide(at, "left", { width: measure(label), height: HEIGHT }, frame, taken);
      if (!free) continue;
      taken.push(free.box);
      return [{ label, side: free.side, at: map.containerPointToLatLng(at) }];
    }
    return [];
  });
}
