/* Where a label has room: boxes in pixels, [left, top, right, bottom]. */

/** @typedef {[left: number, top: number, right: number, bottom: number]} Box */
/** @typedef {"right" | "left" | "top" | "bottom"} Side */
/** Above or below a spot, but to one side of it.
 * @typedef {Side | "top-left" | "top-right" | "bottom-left" | "bottom-right"} NearSide */
/** @typedef {{x: number, y: number}} Spot */

const GAP = 4; // between two labels
const AWAY = 8; // from a symbol to its label
/** @type {Side[]} */
const SIDES = ["right", "left", "top", "bottom"];

/** The box of a label at one side of a spot.
 * @param {Spot} at @param {NearSide} side @param {number} width @param {number} height @param {number} [away] @returns {Box} */
export function boxBeside(at, side, width, height, away = AWAY) {
  if (side.includes("-")) {
    const left = side.endsWith("left") ? at.x - width : at.x;
    const top = side.startsWith("top") ? at.y - away - height : at.y + away;
    return [left, top, left + width, top + height];
  }
  if (side === "left") return [at.x - away - width, at.y - height / 2, at.x - away, at.y + height / 2];
  if (side === "top") return [at.x - width / 2, at.y - away - height, at.x + width / 2, at.y - away];
  if (side === "bottom") return [at.x - width / 2, at.y + away, at.x + width / 2, at.y + away + height];
  return [at.x + away, at.y - height / 2, at.x + away + width, at.y + height / 2];
}

/** Whether two boxes overlap, or are nearer than the gap that labels keep.
 * @param {Box} a @param {Box} b */
export const overlap = (a, b) =>
  a[0] < b[2] + GAP && a[2] > b[0] - GAP && a[1] < b[3] + GAP && a[3] > b[1] - GAP;

/** Whether a box is inside a frame, with a margin.
 * @param {Box} box @param {Spot} frame its width and height @param {number} margin */
export const fits = (box, frame, margin) =>
  box[0] > margin && box[1] > margin && box[2] < frame.x - margin && box[3] < frame.y - margin;

/** Whether a line, from spot to spot, crosses a box or runs inside it.
 * @param {Spot[]} line @param {Box} box */
export const crosses = (line, box) => line.some((spot, i) => i > 0 && cuts(line[i - 1], spot, box));

/** Whether the middle of a box is inside of a closed line.
 * @param {Spot[]} line @param {Box} box */
export function encloses(line, [left, top, right, bottom]) {
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  const last = line[line.length - 1];
  if (line.length < 4 || line[0].x !== last.x || line[0].y !== last.y) return false;
  return line.reduce((inside, b, i) => {
    const a = line[i - 1] ?? last;
    const over = (a.y > y) !== (b.y > y) && x < a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x);
    return over ? !inside : inside;
  }, false);
}

/** Whether a straight line touches a box: what is left of it between the four edges (Liang and Barsky).
 * @param {Spot} from @param {Spot} to @param {Box} box */
function cuts(from, to, [left, top, right, bottom]) {
  let [start, end] = [0, 1];
  for (const [at, step, low, high] of [[from.x, to.x - from.x, left, right], [from.y, to.y - from.y, top, bottom]]) {
    if (!step && (at < low || at > high)) return false;
    if (!step) continue;
    const [near, far] = [(low - at) / step, (high - at) / step].sort((a, b) => a - b);
    start = Math.max(start, near);
    end = Math.min(end, far);
  }
  return start <= end;
}

/** The box at the first side that has room, the preferred one first; null where none has.
 * @param {Spot} at @param {Side} preferred @param {{width: number, height: number}} size of the label
 * @param {Spot} frame @param {Box[]} taken @param {number} [away] pixels
 * @param {(box: Box) => boolean} [suits] what else is asked of a box @returns {{side: Side, box: Box} | null} */
export function freeSide(at, preferred, { width, height }, frame, taken, away = AWAY, suits = () => true) {
  for (const side of [preferred, ...SIDES.filter((one) => one !== preferred)]) {
    const box = boxBeside(at, side, width, height, away);
    if (fits(box, frame, 2) && !taken.some((other) => overlap(other, box)) && suits(box)) return { side, box };
  }
  return null;
}

/** Whether a spot is at the frame's edge or under one of the boxes.
 * @param {Spot} at @param {Spot} frame @param {Box[]} boxes */
export function isCovered({ x, y }, frame, boxes) {
  const edge = x < 6 || y < 6 || x > frame.x - 6 || y > frame.y - 6;
  return edge || boxes.some(([left, top, right, bottom]) => x > left && x < right && y > top && y < bottom);
}
