/* Where the list of a place is: the free rectangle near it that shows most lines; a line leads to it where
   it is far. */
import { boxOf, hits, gapBetween, intersect, middle, nearest, outsideOf, touches } from "./boxes.js";
/** @import { Line } from "./boxes.js" */
/** @import { Box, Spot } from "./label_layout.js" */
/** @import { Room } from "./badge_layout.js" */

/** @typedef {{ widths: number[], lines: number, line: number, pad: number, more: number }} ListSize widths from the
 *   fullest to the narrowest; heights in pixels of a line, of the padding, of "and N more" */
/** @typedef {{ box: Box, lines: number, leader: Line | null }} PlacedList */

const GAP = 6; // pixels to what is round it
const EDGE = 8; // pixels to the frame
const LEAST = 2; // lines
const FAR = 30; // pixels from which on a line leads to the list
const FARTHEST = 420;
const LINE_LEFT_OUT = 30; // pixels of distance that are as bad as one line less
const NARROW = 75; // pixels of distance that are as bad as the next narrower form
const ON_OUTLINE = 5000; // pixels of distance that are as bad as lying on a place's outline: any shorter list is better
const NEARBY = 24; // edges tried in each direction

/** The height with some lines, and how many lines a height holds.
 * @param {ListSize} size @param {number} lines */
export const heightOf = ({ lines: all, line, pad, more }, lines) => pad + lines * line + (lines < all ? more : 0);

/** @param {ListSize} size @param {number} height */
export function linesIn(size, height) {
  if (height >= heightOf(size, size.lines)) return size.lines;
  return Math.min(size.lines - 1, Math.floor((height - size.pad - size.more) / size.line));
}

/** @param {number[]} values @param {number} to */
const nearestOf = (values, to) => [...new Set(values.map(Math.round))]
  .sort((a, b) => Math.abs(a - to) - Math.abs(b - to) || a - b).slice(0, NEARBY);

/** @typedef {{ own: Box[], name: Box | null, outlines: Box[] }} Beside its symbol and name; the name alone; outlines that
 *   are better left free */

/** @param {ListSize} size @param {Beside} beside @param {Room} room @returns {PlacedList | null} */
export function placeList(size, beside, room) {
  /** @type {(PlacedList & { cost: number }) | null} */
  let best = null;
  size.widths.forEach((width, form) => {
    const found = bestOfWidth(size, width, beside, room, form * NARROW, best?.cost ?? Infinity);
    if (found) best = found;
  });
  return best;
}

/** @param {ListSize} size @param {number} width @param {Beside} beside @param {Room} room @param {number} start
 * @param {number} limit cost @returns {(PlacedList & { cost: number }) | null} */
function bestOfWidth(size, width, beside, room, start, limit) {
  const { frame, taken } = room;
  const [symbol] = beside.own;
  const [left, top, right, bottom] = beside.name ?? symbol;
  const across = nearestOf([left, right - width, EDGE, frame.x - EDGE - width,
    ...[...taken, ...beside.outlines].flatMap((box) => [box[2] + GAP, box[0] - GAP - width])], left);
  const down = nearestOf([bottom + GAP, top, EDGE, ...[...taken, ...beside.outlines].map((box) => box[3] + GAP)], bottom);
  const up = nearestOf([top - GAP, bottom, frame.y - EDGE, ...[...taken, ...beside.outlines].map((box) => box[1] - GAP)], top);
  let best = null;
  let least = limit;
  for (const x of across) {
    if (x < EDGE || x + width > frame.x - EDGE) continue;
    const column = taken.filter((box) => box[0] < x + width + GAP && box[2] > x - GAP);
    for (const box of [...down.map((y) => downFrom(x, y, width, size, column, frame)),
      ...up.map((y) => upFrom(x, y, width, size, column))]) {
      if (!box) continue;
      const found = costOf(box, size, beside, room, least - start);
      if (found) { least = found.cost + start; best = { ...found, cost: least }; }
    }
  }
  return best;
}

/** The box that begins at a height, with as many lines as there is room for.
 * @param {number} x @param {number} y @param {number} width @param {ListSize} size @param {Box[]} column what is in its way
 * @param {Spot} frame @returns {Box | null} */
function downFrom(x, y, width, size, column, frame) {
  if (y < EDGE) return null;
  let end = frame.y - EDGE;
  for (const box of column) {
    if (box[1] - GAP >= y) end = Math.min(end, box[1] - GAP);
    else if (box[3] + GAP > y) return null;
  }
  const lines = linesIn(size, end - y);
  return lines < Math.min(LEAST, size.lines) ? null : boxOf(x, y, { width, height: heightOf(size, lines) });
}

/** The box that ends at a height.
 * @param {number} x @param {number} end @param {number} width @param {ListSize} size @param {Box[]} column
 * @returns {Box | null} */
function upFrom(x, end, width, size, column) {
  let start = EDGE;
  for (const box of column) {
    if (box[3] + GAP <= end) start = Math.max(start, box[3] + GAP);
    else if (box[1] - GAP < end) return null;
  }
  const lines = linesIn(size, end - start);
  if (lines < Math.min(LEAST, size.lines)) return null;
  const height = heightOf(size, lines);
  return boxOf(x, end - height, { width, height });
}

/** @param {Box} box @param {ListSize} size @param {Beside} beside @param {Room} room @param {number} limit
 * @returns {(PlacedList & { cost: number }) | null} null for what costs as much as the limit */
function costOf(box, size, { own, outlines }, { taken, lines }, limit) {
  const far = Math.min(...own.map((one) => gapBetween(box, one)));
  if (far > FARTHEST || far >= limit) return null;
  const shown = linesIn(size, box[3] - box[1]);
  const covered = outlines.filter((one) => touches(one, box)).length;
  const cost = far + (size.lines - shown) * LINE_LEFT_OUT + covered * ON_OUTLINE;
  if (cost >= limit || lines.some((line) => hits(line, box))) return null;
  if (far <= FAR) return { box, lines: shown, leader: null, cost };
  const leader = leaderOf(box, own[0]);
  const blocked = !leader || lines.some((line) => intersect(line, leader))
    || taken.some((other) => other !== own[0] && hits(leader, other));
  return blocked ? null : { box, lines: shown, leader, cost };
}

/** The line from a symbol's edge to the nearest spot of its list.
 * @param {Box} box @param {Box} symbol @returns {Line | null} */
function leaderOf(box, symbol) {
  const from = middle(symbol);
  const to = nearest(box, from);
  return outsideOf([from.x, from.y, to.x, to.y], symbol);
}
