/* Where the symbols of places are: at their place, or moved aside where they would lie on each other or on
   a control, joined by a line that crosses no other symbol. */
import { boxAt, contains, gapBetween, hits, insideShare, intersect, touches } from "./boxes.js";
import { fits } from "./label_layout.js";
/** @import { Line } from "./boxes.js" */
/** @import { Box, Spot } from "./label_layout.js" */

/** @typedef {{
 *   id: string, home: Spot, extent: Box, weight: number, off?: Box | null,
 * }} Symbol `extent`: from its middle; `off`: what it must not lie on, such as its own small area */
/** @typedef {{ at: Spot, box: Box, leader: Line | null }} PlacedSymbol */
/** @typedef {{ frame: Spot, taken: Box[], lines: Line[] }} Room what is free: `taken` and `lines` grow as things are placed */

const APART = 2; // pixels between two symbols
const RADII = [32, 40, 50, 62, 76, 92, 112, 136, 166, 204, 250, 310, 390, 490];
const TURNS = 24; // directions of each radius
const COVERS_HOME = 60; // pixels of a longer way that are as bad as lying on another symbol's own place
const MARGIN = 2; // pixels to the frame's edge

/** Steps aside, the nearest first; of equal ones, down and to the left before up and to the right.
 * @type {Array<[dx: number, dy: number, far: number]>} */
const STEPS = RADII.flatMap((radius) => Array.from({ length: TURNS }, (_, i) => {
  const turn = Math.PI * (0.75 + (i % 2 ? -1 : 1) * Math.ceil(i / 2) / (TURNS / 2));
  const [dx, dy] = [Math.cos(turn), Math.sin(turn)].map((part) => Math.round(radius * part));
  return /** @type {[number, number, number]} */ ([dx, dy, radius]);
}));

/** Place symbols, those with more reports first.
 * @param {Symbol[]} symbols @param {Room} room @returns {Map<string, PlacedSymbol | null>} null: no room anywhere */
export function placeSymbols(symbols, room) {
  const order = [...symbols].sort((a, b) => b.weight - a.weight || (a.id < b.id ? -1 : 1));
  /** @type {Map<string, PlacedSymbol | null>} */
  const placed = new Map();
  const homes = order.map(({ home, extent }) => boxAt(home, extent));
  order.forEach((symbol, i) => {
    const found = placeSymbol(symbol, room, homes.slice(i + 1));
    placed.set(symbol.id, found);
    if (!found) return;
    room.taken.push(found.box);
    if (found.leader) room.lines.push(found.leader);
  });
  return placed;
}

/** @param {Symbol} symbol @param {Room} room @param {Box[]} homes of the symbols to come @returns {PlacedSymbol | null} */
function placeSymbol({ home, extent, off }, { frame, taken, lines }, homes) {
  /** @type {PlacedSymbol | null} */
  let best = null;
  let least = Infinity;
  for (const [dx, dy, far] of [/** @type {[number, number, number]} */ ([0, 0, 0]), ...STEPS]) {
    if (far >= least) break;
    const at = { x: home.x + dx, y: home.y + dy };
    const box = boxAt(at, extent);
    if (!fits(box, frame, MARGIN) || (off && touches(off, box))) continue;
    if (taken.some((other) => gapBetween(other, box) < APART)) continue;
    if (lines.some((line) => hits(line, box))) continue;
    const leader = far ? leaderTo(home, at, taken) : null;
    if (leader && (taken.some((other) => hits(leader, other)) || lines.some((line) => intersect(leader, line)))) continue;
    const covered = far ? homes.filter((other) => touches(other, box) || (leader && hits(leader, other))).length : 0;
    if (far + covered * COVERS_HOME < least) { least = far + covered * COVERS_HOME; best = { at, box, leader }; }
  }
  return best;
}

/** The line from a symbol to its place; it ends at the edge of what covers the place.
 * @param {Spot} home @param {Spot} at @param {Box[]} taken @returns {Line} */
function leaderTo(home, at, taken) {
  const shares = taken.filter((box) => contains(box, home))
    .map((box) => insideShare([at.x, at.y, home.x, home.y], box)?.[0] ?? 1);
  const share = Math.min(1, ...shares);
  return [at.x, at.y, at.x + share * (home.x - at.x), at.y + share * (home.y - at.y)];
}
