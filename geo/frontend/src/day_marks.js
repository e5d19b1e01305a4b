/* Marks of how exactly a day is known: a full bar for a known day, one that rises to its day for "by" a
   day, one pointed at both ends for several days, a broken line for undated. Their outlines are shared
   with pictures and slides: geo/mapping/symbols.py. */
import { config } from "./config.js";
import { shape, svg } from "./dom.js";

const THINNEST = 0.45; // of the mark's height, of what holds on none of the days shown

/** @param {string} kind "day", "by", "range" or "undated" @param {number} [strength] 0 to 1: the thinner the mark,
 * the fewer of the days on which it may hold are shown */
export function dayMark(kind, strength = 1) {
  const tall = Math.max(strength, THINNEST);
  const d = config.signs.when[kind] ?? config.signs.when.day;
  const mark = svg(20, "0 0 20 8", shape("path", { d, transform: `translate(0 ${4 - 4 * tall}) scale(1 ${tall})` }));
  mark.setAttribute("height", "8");
  mark.classList.add("day-mark");
  return mark;
}
