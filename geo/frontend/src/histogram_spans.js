/* What in the histogram has no exact day: a report "by" a day has a low dash on each day before it,
   one of several days is a thin bar with pointed ends over its days, undated ones are a broken line over
   all days. Counts are those of the rule of days. */
import { dayText } from "./day_range.js";
import { BY_DAYS, shiftDay } from "./day_precision.js";
import { element, named } from "./dom.js";

/** The dashes to the left of a bar; null where no report is dated "by" that day.
 * @param {DayCount} count of the day @param {number} position of the day @param {ByCount[] | undefined} byDays
 * @param {DayCount[]} days of the histogram */
export function byTail([day, shown], position, byDays, days) {
  const found = byDays?.find(([one]) => one === day);
  if (!found || !position) return null;
  const first = shiftDay(day, 1 - BY_DAYS);
  const begin = days.findIndex(([one]) => one >= first);
  const tail = element("i", shown ? "tail shown" : "tail other");
  tail.style.setProperty("--reach", String(position - begin));
  return tail;
}

/** How many of a day's reports are dated "by" it, in words. @param {string} day @param {ByCount[] | undefined} byDays */
export function byWords(day, byDays) {
  const found = byDays?.find(([one]) => one === day);
  return found ? `; ${found[1]} dated “by” this day, so perhaps earlier` : "";
}

/** @param {HTMLElement} node @param {SpanCount} span */
export function fillSpan(node, [first, last, shown, other]) {
  node.className = shown ? "span shown" : "span other";
  node.replaceChildren(element("i"), element("b", "", shown || other));
  named(node, `${dayText(first)} to ${dayText(last)}: ${shown} shown${other ? `, ${other} outside the view` : ""}`);
}

/** @param {SpanCount} span @param {number} lane @param {DayCount[]} days of the histogram */
export function spanLine(span, lane, days) {
  const [first, last] = span;
  const at = (/** @type {string} */ day) => days.findIndex(([one]) => one === day);
  const node = element("span");
  fillSpan(node, span);
  node.style.gridArea = `${lane + 1} / ${at(first) + 1} / auto / ${at(last) + 2}`;
  node.setAttribute("role", "img");
  return node;
}

/** The line of undated reports below all spans; null for none.
 * @param {[shown: number, other: number] | undefined} undated @param {number} lane */
export function undatedLine(undated, lane) {
  const [shown, other] = undated ?? [0, 0];
  if (!shown && !other) return null;
  const node = element("span");
  node.style.gridArea = `${lane + 1} / 1 / auto / -1`;
  node.setAttribute("role", "img");
  return fillUndated(node, [shown, other]);
}

/** @param {HTMLElement} node @param {[shown: number, other: number]} undated */
export function fillUndated(node, [shown, other]) {
  node.className = shown ? "undated-line shown" : "undated-line other";
  node.replaceChildren(element("i"), element("b", "", `undated ${shown || other}${shown ? "" : ", left out"}`));
  return named(node, `Undated: ${shown} shown${other ? `, ${other} left out by the days` : ""}`);
}
