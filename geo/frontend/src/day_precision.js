/* How exactly the day of a report is known, and how far its possible days are in view: the rules of
   geo/evidence/day_precision.py. For drawing only: counts follow the rule of days. */
import { dayText } from "./day_range.js";

export const BY_DAYS = 7; // days over which "by" a day fades back from it; its first day is not known
export const FLOOR = 0.3; // strength of what holds on none of the days shown, so that it stays legible
const DAY_MS = 86_400_000;

/** @typedef {{kind: "day" | "by" | "range" | "undated", first: string | null, last: string | null}} PossibleDays
 * `first` of "by" is where its fading tail begins; both are null where it is undated */

/** @type {Map<string, number>} */
const numbers = new Map();

/** @param {string} day ISO */
function dayNumber(day) {
  const found = numbers.get(day) ?? Date.parse(day) / DAY_MS;
  numbers.set(day, found);
  return found;
}

/** @param {string} day ISO @param {number} by */
export const shiftDay = (day, by) => new Date((dayNumber(day) + by) * DAY_MS).toISOString().slice(0, 10);

/** The days on which a claim may hold, or those on which it may have been reported.
 * @param {Pick<ClaimProperties, "date_class" | "first" | "last" | "reported_first" | "reported_last">} claim
 * @param {boolean} reported whether the days are those of reporting @returns {PossibleDays} */
export function possibleDays(claim, reported) {
  const [first, last] = reported ? [claim.reported_first, claim.reported_last] : [claim.first, claim.last];
  const end = last || first;
  if (!end) return { kind: "undated", first: null, last: null };
  if (!reported && claim.date_class === "by") {
    const begin = first || shiftDay(end, 1 - BY_DAYS);
    return { kind: "by", first: begin < end ? begin : end, last: end };
  }
  const [start, close] = [first || end, end].sort(); // a first day after the last one is a fault in the data
  return { kind: start === close ? "day" : "range", first: start, last: close };
}

/** The share of the possible days that a window covers, from FLOOR to 1; an end that is missing is open.
 * @param {PossibleDays} days @param {string} [from] @param {string} [to] */
export function dayStrength({ kind, first, last }, from, to) {
  if (kind === "day") return 1;
  if (!first || !last) return FLOOR;
  const low = from && from > first ? from : first;
  const high = to && to < last ? to : last;
  const share = Math.max(dayNumber(high) - dayNumber(low) + 1, 0) / (dayNumber(last) - dayNumber(first) + 1);
  return FLOOR + (1 - FLOOR) * share;
}

/** The same without the tail of "by": the days as they are written.
 * @param {PossibleDays} days @returns {PossibleDays} */
export const writtenDays = (days) => (days.kind === "by" ? { ...days, first: days.last } : days);

/** Whether the window's days are those of reporting.
 * @param {{q?: string} | null} view */
export const isReported = (view) => new URLSearchParams(view?.q).get("axis") === "reported";

/** @param {PossibleDays[]} days @returns {string[]} */
const writtenEnds = (days) => days.map(writtenDays).flatMap(({ first, last }) => (first && last ? [first, last] : [])).sort();

/** Whether a day and month beside some reports can be of two years.
 * @param {PossibleDays[]} days */
export function needYears(days) {
  const ends = writtenEnds(days);
  return ends.length > 0 && dayNumber(ends[ends.length - 1]) - dayNumber(ends[0]) >= 365;
}

/** The days of several reports of one kind as they are written, from the first to the last.
 * @param {PossibleDays[]} days @returns {PossibleDays} */
export function joinDays(days) {
  const ends = writtenEnds(days);
  if (!ends.length) return { kind: "undated", first: null, last: null };
  const [first, last] = [ends[0], ends[ends.length - 1]];
  const [{ kind }] = days;
  return { kind: kind === "day" && first !== last ? "range" : kind, first, last };
}

/** Days of `joinDays` in short: 5 Dec, 5–8 Jan, by 12 Dec, undated.
 * @param {PossibleDays} days @param {boolean} years whether the year is written */
export function daysText({ kind, first, last }, years) {
  if (!first || !last) return "undated";
  const span = spanText(first, last, years);
  return kind === "by" ? `by ${span}` : span;
}

/** @param {string} first @param {string} last @param {boolean} years */
function spanText(first, last, years) {
  const end = years ? `${dayText(last)} ${last.slice(0, 4)}` : dayText(last);
  if (first === last) return end;
  if (first.slice(0, 7) === last.slice(0, 7)) return `${Number(first.slice(8))}–${end}`;
  const twoYears = years && first.slice(0, 4) !== last.slice(0, 4);
  return twoYears ? `${dayText(first)} ${first.slice(0, 4)}–${end}` : `${dayText(first)}–${end}`;
}

/** @type {WeakMap<ClaimProperties, Record<string, PossibleDays>>} */
const known = new WeakMap();

/** As `possibleDays`, remembered for each claim. @param {ClaimProperties} claim @param {boolean} reported */
function knownDays(claim, reported) {
  const found = known.get(claim) ?? {};
  known.set(claim, found);
  const axis = reported ? "reported" : "observed";
  return (found[axis] ??= possibleDays(claim, reported));
}

/** The window of days of a map, what its days are, and whether the year is written beside them.
 * @param {MapState} state @returns {{from?: string, to?: string, reported: boolean, years: boolean}} */
export function shownDays({ requested, frame, data }) {
  const reported = isReported(requested);
  const days = (data?.claims.features ?? []).map(({ properties }) => knownDays(properties, reported));
  const { from, to } = frame ?? requested ?? {};
  return { from, to, reported, years: needYears(days) };
}

/** The strengths of those claims whose day is not known exactly, for the ring of their place.
 * @param {MapState} state @param {Claim[]} claims */
export function dayTail({ requested, frame }, claims) {
  const reported = isReported(requested);
  const { from, to } = frame ?? requested ?? {};
  return claims.map(({ properties }) => knownDays(properties, reported)).filter(({ kind }) => kind !== "day")
    .map((days) => dayStrength(days, from, to));
}

/** All of the days that the symbol of a place and its list depend on, as one text.
 * @param {MapState} state @param {Claim[]} claims @param {boolean} listed */
export function daysKey(state, claims, listed) {
  const tail = dayTail(state, claims).map((one) => one.toFixed(3)).join(",");
  if (!listed) return tail;
  const { from, to, years } = shownDays(state);
  return `${tail} ${from === to ? from : ""} ${years}`;
}
