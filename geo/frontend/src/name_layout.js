/* Where the name of a place is: beside its symbol, on the side that is asked for if that is free. */
import { boxOf, hits, touches } from "./boxes.js";
import { fits, overlap } from "./label_layout.js";
/** @import { Size } from "./boxes.js" */
/** @import { Box, Side } from "./label_layout.js" */
/** @import { Room } from "./badge_layout.js" */

/** @typedef {{ box: Box, side: Side, variant: number }} PlacedName `variant`: which of the sizes */

const AWAY = 6; // pixels from a symbol to its name
const FIRST_LINE = 12; // pixels from the top of a name to the middle of its first line
const MARGIN = 3;
const COVERED = 10; // forms that are as bad as covering something that is better left free
/** @type {Side[]} */
const SIDES = ["right", "left", "top", "bottom"];

/** The boxes at one side of a symbol, in the order in which they are tried.
 * @param {Box} symbol @param {Side} side @param {Size} size @returns {Box[]} */
function boxesAt([left, top, right, bottom], side, size) {
  const { width, height } = size;
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  if (side === "right" || side === "left") {
    const from = side === "right" ? right + AWAY : left - AWAY - width;
    return [y - FIRST_LINE, y - height / 2, y + FIRST_LINE - height, top - height / 2, bottom - height / 2]
      .map((start) => boxOf(from, start, size));
  }
  const from = side === "top" ? top - AWAY - height : bottom + AWAY;
  return [x - width / 2, left, right - width, x, x - width].map((start) => boxOf(start, from, size));
}

/** The best free box beside a symbol, or beside the area that it marks: one that covers little, then the fullest
 * form, then the preferred side.
 * @param {Box[]} beside the symbol and, where there is one, its area @param {Side} preferred
 * @param {Size[]} sizes from the fullest to the shortest form @param {Room} room
 * @param {Box[]} spared what is better left free, such as dots of towns @returns {PlacedName | null} */
export function placeName(beside, preferred, sizes, { frame, taken, lines }, spared = []) {
  const sides = [preferred, ...SIDES.filter((side) => side !== preferred)];
  /** @type {PlacedName | null} */
  let best = null;
  let least = Infinity;
  sizes.forEach((size, variant) => {
    for (const symbol of beside) {
      for (const side of sides) {
        if (variant >= least) return;
        for (const box of boxesAt(symbol, side, size)) {
          if (!fits(box, frame, MARGIN) || taken.some((other) => overlap(other, box))) continue;
          if (lines.some((line) => hits(line, box))) continue;
          const cost = variant + COVERED * spared.filter((other) => touches(other, box)).length;
          if (cost < least) { least = cost; best = { box, side, variant }; }
        }
      }
    }
  });
  return best;
}
