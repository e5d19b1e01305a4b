/* Which of its names a town, a region or a place has on the map: English, Arabic or both, as in
   geo/text/map_names.py. What has no Arabic name keeps its English one. */
import { element } from "./dom.js";

/** @typedef {{ name: string, name_ar?: string | null, map_label?: string | null }} Named */

/** @type {NameChoice} */
let shown = "en";

/** Set which names are drawn from now on.
 * @param {NameChoice} [choice] */
export function chooseNames(choice = "en") {
  shown = choice;
}

/** The lines of a name, from above to below.
 * @param {Named} named @returns {Array<{ text: string, arabic: boolean }>} */
export function listNames({ name, name_ar: arabic, map_label: label }) {
  const english = { text: label || name, arabic: false };
  if (!arabic || shown === "en") return [english];
  const other = { text: arabic, arabic: true };
  return shown === "ar" ? [other] : [english, other];
}

/** An Arabic name runs from right to left within a line of its own.
 * @param {string} className @param {Named} named */
export function nameNode(className, named) {
  const lines = listNames(named);
  if (lines.length === 1 && !lines[0].arabic) return element("span", className, lines[0].text);
  return element("span", className, ...lines.map(({ text, arabic }) => {
    const line = element("span", "name-line", text);
    if (arabic) Object.assign(line, { dir: "rtl", lang: "ar" });
    return line;
  }));
}

/** A name in one line; the isolates keep Arabic and English in their own order.
 * @param {Named} named */
export const nameLine = (named) => listNames(named)
  .map(({ text, arabic }) => (arabic ? `\u2067${text}\u2069` : text)).join(" · ");
