/* Reports that give a distance from a place and no spot: a line at that distance, and the band of its
   tolerance. Nothing marks the middle, since nothing was reported there. */
import { paths } from "./panes.js";
import { opacity } from "./claim_groups.js";
import { element } from "./dom.js";
import { tip } from "./tooltips.js";
/** @import { ArcName } from "./arc_names.js" */
/** @import { LineString, MultiLineString, Position } from "geojson" */

const NO_SPOT = "The spot is not given: it was somewhere along this line";

/** @param {string} text */
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** Draw the claims that are known by a distance.
 * @param {L.LayerGroup} into @param {Claim[]} claims @param {string | undefined} chosen
 * @param {(id: string) => void} pick */
export function addDistances(into, claims, chosen, pick) {
  for (const claim of claims) {
    const { arc, review, subject, when } = claim.properties;
    if (!arc) continue;
    const strength = opacity(claim);
    const marks = `${claim.id === chosen ? " open" : ""}${review ? " unpublished" : ""}`;
    const style = { opacity: strength, fillOpacity: strength, smoothFactor: 0.3 };
    const shape = /** @type {Place} */ (/** @type {unknown} */ (claim));
    const band = paths(shape, "areas", { ...style, className: `place place-distance${marks}` }, { interactive: true });
    const line = paths(arc.line, "areas", { ...style, className: `distance${marks}`, fill: false });
    band.on("click", (event) => { L.DomEvent.stopPropagation(event); pick(claim.id); });
    band.bindTooltip(
      () => tip(capital(arc.words), `${subject}, ${when}`, element("em", "tip-note", NO_SPOT)),
      { className: "map-tip", sticky: true, direction: "top" },
    );
    into.addLayer(band).addLayer(line);
  }
}

/** What is written beside the arcs, each distance once.
 * @param {Claim[]} claims @returns {ArcName[]} */
export function nameDistances(claims) {
  /** @type {Map<string, ArcName>} */
  const names = new Map();
  for (const { properties: { arc } } of claims) {
    if (!arc) continue;
    const lines = arc.line.type === "LineString" ? [arc.line.coordinates] : arc.line.coordinates;
    names.set(JSON.stringify(arc), { label: arc.label, line: outermost(arc.line), lines });
  }
  return [...names.values()];
}

/** The longest part of a line: of a span, the arc at its far end.
 * @param {LineString | MultiLineString} line @returns {Position[]} */
function outermost(line) {
  if (line.type === "LineString") return line.coordinates;
  const length = (/** @type {Position[]} */ part) => part.slice(1).reduce(
    (sum, [lon, lat], at) => sum + Math.hypot(lon - part[at][0], lat - part[at][1]), 0);
  return line.coordinates.reduce((a, b) => (length(b) > length(a) ? b : a));
}
