/* Numbers and names of days under the map: those that would lie on each other, or on a higher bar, are left
   out; the larger numbers stay, and every day has its number in its tooltip. */

const DIGIT = 7.4; // pixels of a digit, at most
const NUMBER = 17; // pixels of a number's height
const ABOVE = 15; // pixels above the highest bar, as in map.css
const NAME = 44; // pixels of a day's name
const GAP = 3;
const CELL = 14; // pixels from day to day below which a cell of coverage is no circle any more
const WIDE = 0.62; // of its column that a bar takes, and its pixels at most, as in map.css
const WIDEST = 74;

/** The days whose numbers are written: greedily, the largest first.
 * @param {Array<{ count: number, height: number }>} days heights of the bars in pixels
 * @param {number} column pixels from day to day @returns {Set<number>} positions */
export function chooseNumbers(days, column) {
  const bar = Math.min(WIDE * column, WIDEST) / 2;
  const order = days.map(({ count }, position) => ({ count, position })).filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || a.position - b.position);
  /** @type {Set<number>} */
  const kept = new Set();
  for (const { count, position } of order) {
    const half = (String(count).length * DIGIT) / 2;
    const reach = Math.ceil((half + 3 * DIGIT + GAP + bar) / column);
    const free = days.slice(Math.max(0, position - reach), position + reach + 1).every((day, i) => {
      const other = Math.max(0, position - reach) + i;
      if (other === position) return true;
      const away = Math.abs(other - position) * column;
      if (day.height > days[position].height + GAP && away < half + bar) return false;
      if (!kept.has(other) || Math.abs(day.height - days[position].height) >= NUMBER) return true;
      return away >= half + (String(day.count).length * DIGIT) / 2 + GAP;
    });
    if (free) kept.add(position);
  }
  return kept;
}

/** Every how many days a day is named.
 * @param {number} count of days @param {number} column pixels from day to day */
export const nameEvery = (count, column) => Math.min(count, Math.max(1, Math.ceil((NAME + 2 * GAP) / column)));

const room = { column: 0, high: 0 }; // pixels from day to day, and of the highest bar

/** Leave out what has no room, after the histogram is drawn or its width has changed.
 * @param {HTMLElement} box @param {DayCount[]} days @param {number} top of all days */
export function fitTexts(box, days, top) {
  const stacks = /** @type {HTMLElement[]} */ ([...box.querySelectorAll(".day .stack")]);
  if (!stacks.length) return;
  room.column = /** @type {HTMLElement} */ (stacks[0].closest(".days")).clientWidth / stacks.length;
  room.high = stacks[0].clientHeight - ABOVE;
  box.classList.toggle("few-pixels", room.column < CELL);
  const step = nameEvery(stacks.length, room.column);
  stacks.forEach(({ nextElementSibling: name }, position) => name?.classList.toggle("unseen-name", position % step !== 0));
  fitNumbers(box, days, top);
}

/** The same for the numbers alone, where the width is still what it was.
 * @param {HTMLElement} box @param {DayCount[]} days @param {number} top of all days */
export function fitNumbers(box, days, top) {
  const kept = chooseNumbers(days.map(([, shown, other]) => ({
    count: shown, height: (room.high * (shown + other)) / top,
  })), room.column);
  [...box.querySelectorAll(".day .number")].forEach((number, position) => {
    number.classList.toggle("unseen-number", !kept.has(position));
  });
}
