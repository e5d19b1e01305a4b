/* Fetch ahead what is likely to be asked for next: the window that the last move of the days leads
   to. It is fetched while the browser is idle, so that the next step is painted at once. */

const DAY = 86400000; // milliseconds
const FEATURES_AT_MOST = 20000; // that are fetched on a guess

/** @typedef {[from: string, to: string]} Days ISO days, inclusive */

/** @param {string} day @param {number} by days */
const shifted = (day, by) => new Date(Date.parse(day) + by * DAY).toISOString().slice(0, 10);

/** @param {string} one @param {string} other */
const daysBetween = (one, other) => Math.round((Date.parse(other) - Date.parse(one)) / DAY);

/** Windows that may come next: the last move once more, or the first step of either end.
 * @param {{from?: string, to?: string}} now @param {{from?: string, to?: string} | null} before
 * @param {Days} extent the first and last day there are @returns {Days[]} */
export function nextWindows(now, before, [first, last]) {
  /** @param {{from?: string, to?: string}} view @returns {Days} */
  const ends = (view) => [view.from || first, view.to || last];
  const [start, end] = ends(now);
  const was = before ? ends(before) : [start, end];
  const move = [daysBetween(was[0], start), daysBetween(was[1], end)];
  const moves = move[0] || move[1] ? [move] : [[1, 0], [0, -1]];
  return moves.map(([a, b]) => /** @type {Days} */ ([shifted(start, a), shifted(end, b)]))
    .filter(([from, to]) => from <= to && from >= first && to <= last);
}

/** The query of another window, in the order of the page's address.
 * @param {string} q @param {Days} window @param {Days} extent */
export function windowQuery(q, [from, to], [first, last]) {
  const days = from === first && to === last ? [] : [["from", from], ["to", to]];
  const rest = [...new URLSearchParams(q)].filter(([name]) => name !== "from" && name !== "to");
  return new URLSearchParams([...days, ...rest]).toString();
}

/** @param {RequestedView} requested @param {RequestedView | null} before @param {MapData} data */
function queries(requested, before, data) {
  const days = data.claims.days.map(([day]) => day);
  const many = data.layers.reduce((sum, layer) => sum + layer.features.length, 0) > FEATURES_AT_MOST;
  if (days.length < 2 || many) return [];
  /** @type {Days} */
  const extent = [days[0], days[days.length - 1]];
  return nextWindows(requested, before, extent).map((next) => windowQuery(requested.q, next, extent));
}

/** Without a deadline where the browser does not tell when it is idle.
 * @type {(run: (deadline?: IdleDeadline) => void, options: { timeout: number }) => unknown} */
export const whenIdle = (run, options) => (
  window.requestIdleCallback ? window.requestIdleCallback(run, options) : setTimeout(run, 120));

/** @type {RequestedView | null} */
let latest = null;

/** Fetch them when the browser is idle; a later view cancels the guesses of an earlier one.
 * @param {RequestedView} requested @param {RequestedView | null} before @param {MapData} data
 * @param {(name: string, view: RequestedView) => Promise<unknown>} fetchOne */
export function fetchNext(requested, before, data, fetchOne) {
  latest = requested;
  whenIdle(() => {
    if (latest !== requested) return;
    for (const q of queries(requested, before, data)) {
      for (const name of ["claims", ...requested.layers]) fetchOne(name, { ...requested, q }).catch(() => {});
    }
  }, { timeout: 1500 });
}
