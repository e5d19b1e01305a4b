/* Ranges of days: what a brush over the histogram selects. Days are ISO texts, which sort by date. */

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** @typedef {{from: string, to: string}} Brush where it began and where it is; in any order */

/** @param {string} day */
export const dayText = (day) => `${Number(day.slice(8))} ${MONTHS[Number(day.slice(5, 7)) - 1]}`;

/** Whether a day is inside a window; an end that is missing is open.
 * @param {string} day @param {string} [from] @param {string} [to] */
export const isInside = (day, from, to) => (!from || day >= from) && (!to || day <= to);

/** The first and the last day of a brush, whichever way it was drawn.
 * @param {Brush} brush @returns {[first: string, last: string]} */
export const brushEnds = ({ from, to }) => (from <= to ? [from, to] : [to, from]);

/** The position that an arrow key leads to; it stays among the days.
 * @param {number} position @param {string} key @param {number} count of days
 * @returns {number | null} null for any other key */
export function stepPosition(position, key, count) {
  if (key !== "ArrowLeft" && key !== "ArrowRight") return null;
  return Math.min(Math.max(position + (key === "ArrowLeft" ? -1 : 1), 0), count - 1);
}

/** The lanes of spans that lie over their days, so that none covers another.
 * @param {SpanCount[]} spans in order of their first days @returns {number[]} a lane for each, from 0 */
export function packSpans(spans) {
  /** @type {string[]} the last day of each lane */
  const ends = [];
  return spans.map(([first, last]) => {
    const free = ends.findIndex((end) => end < first);
    const lane = free < 0 ? ends.length : free;
    ends[lane] = last;
    return lane;
  });
}
