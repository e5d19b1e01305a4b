/* Symbols that would cover each other: the one with fewer reports is moved aside, joined by a line. */

/** Pixels across and down, in the order in which they are tried.
 * @type {Array<[x: number, y: number]>} */
const STEPS = [
  [0, 0], [58, -34], [-58, -34], [58, 34], [-58, 34], [0, -64], [0, 64], [92, 0], [-92, 0], [92, -68], [-92, -68],
  [92, 68], [-92, 68], [0, -120], [0, 120], [140, -34], [-140, -34], [140, 34], [-140, 34],
];

/** @typedef {{id: string, x: number, y: number, weight: number, fixed?: boolean}} Symbol where it would stand, in
 * pixels; one that is fixed is never moved */

/** How far each symbol is moved, if it is; where no step is free, it stays.
 * @param {Symbol[]} symbols @param {number} apart pixels between their middles
 * @returns {Map<string, [x: number, y: number]>} */
export function spreadSymbols(symbols, apart) {
  const rank = (/** @type {Symbol} */ one) => (one.fixed ? Infinity : one.weight);
  const order = [...symbols].sort((a, b) => (rank(a) === rank(b) ? (a.id < b.id ? -1 : 1) : rank(b) - rank(a)));
  /** @type {Array<[x: number, y: number]>} */
  const taken = [];
  const moved = new Map();
  for (const { id, x, y, fixed } of order) {
    const free = ([dx, dy] = STEPS[0]) => taken.every(([tx, ty]) => Math.hypot(x + dx - tx, y + dy - ty) >= apart);
    const step = (fixed ? undefined : STEPS.find((one) => free(one))) ?? STEPS[0];
    if (step !== STEPS[0]) moved.set(id, step);
    taken.push([x + step[0], y + step[1]]);
  }
  return moved;
}
