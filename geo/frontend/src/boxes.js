/* Arithmetic of boxes and lines on the map, in pixels. */
/** @import { Box, Spot } from "./label_layout.js" */

/** @typedef {[x1: number, y1: number, x2: number, y2: number]} Line */
/** @typedef {{ width: number, height: number }} Size */

/** A box of some extent round a spot.
 * @param {Spot} at @param {Box} extent from the spot: left and top are negative @returns {Box} */
export const boxAt = ({ x, y }, [left, top, right, bottom]) => [x + left, y + top, x + right, y + bottom];

/** @param {number} left @param {number} top @param {Size} size @returns {Box} */
export const boxOf = (left, top, { width, height }) => [left, top, left + width, top + height];

/** @param {Box} box @returns {Spot} */
export const middle = ([left, top, right, bottom]) => ({ x: (left + right) / 2, y: (top + bottom) / 2 });

/** Whether two boxes share a pixel.
 * @param {Box} a @param {Box} b */
export const touches = (a, b) => a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];

/** @param {Box} box @param {Spot} spot */
export const contains = ([left, top, right, bottom], { x, y }) => x > left && x < right && y > top && y < bottom;

/** How far two boxes are apart; 0 where they meet.
 * @param {Box} a @param {Box} b */
export const gapBetween = (a, b) => Math.hypot(Math.max(0, b[0] - a[2], a[0] - b[2]), Math.max(0, b[1] - a[3], a[1] - b[3]));

/** The spot of a box that is nearest to another spot.
 * @param {Box} box @param {Spot} to @returns {Spot} */
export const nearest = ([left, top, right, bottom], { x, y }) => ({
  x: Math.min(Math.max(x, left), right), y: Math.min(Math.max(y, top), bottom),
});

/** The part of a line that is inside a box, as two shares of its length; null where none is (Liang-Barsky).
 * @param {Line} line @param {Box} box @returns {[from: number, to: number] | null} */
export function insideShare([x1, y1, x2, y2], [left, top, right, bottom]) {
  let [from, to] = [0, 1];
  for (const [step, room] of [[x1 - x2, x1 - left], [x2 - x1, right - x1], [y1 - y2, y1 - top], [y2 - y1, bottom - y1]]) {
    if (step === 0 && room < 0) return null;
    if (step < 0) from = Math.max(from, room / step);
    if (step > 0) to = Math.min(to, room / step);
  }
  return from < to ? [from, to] : null;
}

/** @param {Line} line @param {Box} box */
export const hits = (line, box) => insideShare(line, box) !== null;

/** Whether two lines cross.
 * @param {Line} a @param {Line} b */
export function intersect(a, b) {
  /** @param {Line} line @param {number} x @param {number} y */
  const sideOf = ([x1, y1, x2, y2], x, y) => Math.sign((x2 - x1) * (y - y1) - (y2 - y1) * (x - x1));
  return sideOf(a, b[0], b[1]) !== sideOf(a, b[2], b[3]) && sideOf(b, a[0], a[1]) !== sideOf(b, a[2], a[3]);
}

/** The part of a line from the edge of a box, in which it begins, to its end; null where that is nothing.
 * @param {Line} line @param {Box} box @returns {Line | null} */
export function outsideOf(line, box) {
  const share = insideShare(line, box);
  if (!share) return line;
  if (share[1] >= 1) return null;
  const [x1, y1, x2, y2] = line;
  return [x1 + share[1] * (x2 - x1), y1 + share[1] * (y2 - y1), x2, y2];
}

/** A line as a row of small boxes, for what only keeps clear of boxes.
 * @param {Line} line @param {number} [step] pixels @returns {Box[]} */
export function boxesAlong([x1, y1, x2, y2], step = 8) {
  const count = Math.max(1, Math.ceil(Math.hypot(x2 - x1, y2 - y1) / step));
  return Array.from({ length: count + 1 }, (_, i) => {
    const [x, y] = [x1 + (i / count) * (x2 - x1), y1 + (i / count) * (y2 - y1)];
    return [x - step / 2, y - step / 2, x + step / 2, y + step / 2];
  });
}
