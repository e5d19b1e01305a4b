/* The bubble of a place: its reports in short, and how they are rated. */
import { groupBy, unpublished } from "./claim_groups.js";
import { element } from "./dom.js";
import { nameNode } from "./names.js";
import { tip } from "./tooltips.js";

const NOT_RATED = "not rated";

/** @param {Place} place @param {Claim[]} claims */
export function placeTip(place, claims) {
  const lines = [...groupBy(claims, (claim) => claim.properties.when)].slice(0, 4).map(([when, some]) => {
    const about = [...new Set(some.flatMap(({ properties: { systems, subject } }) => (systems.length ? systems : [subject])))];
    return element("span", "tip-line", `${when}: ${about.slice(0, 5).join(", ")}${about.length > 5 ? " …" : ""}`);
  });
  const { name, name_ar: arabic, drawn_note: note } = place.properties;
  const count = `${claims.length} ${claims.length === 1 ? "report" : "reports"}`;
  const mark = unpublished(claims);
  const known = mark ? `${count}, some ${mark}` : count;
  return tip(nameNode("", { name, name_ar: arabic }), known, ...lines, ...ratingLines(claims), note && element("em", "tip-note", note));
}

/** How the reports of a place are rated, one line for each rating; none where nothing is rated.
 * @param {Claim[]} claims */
function ratingLines(claims) {
  const titles = new Set(claims.flatMap(({ properties: { ratings } }) => Object.keys(ratings ?? {})));
  return [...titles].map((title) => {
    const byTerm = groupBy(claims, (claim) => claim.properties.ratings?.[title] ?? NOT_RATED);
    const terms = [...byTerm].filter(([term]) => term !== NOT_RATED);
    const rest = claims.length - terms.reduce((sum, [, some]) => sum + some.length, 0);
    const words = terms.map(([term, some]) => (some.length > 1 ? `${term} (${some.length})` : term));
    return element("span", "tip-line", `${title}: ${words.join(", ")}${rest ? `; ${rest} ${NOT_RATED}` : ""}`);
  });
}
