/* What is round the map: zoom, scale bar, north arrow, attribution, legend. */
import { config } from "./config.js";
import { button, element, named, shape, svg } from "./dom.js";
import { dayMark } from "./day_marks.js";
import { conflictIcon, evidenceIcon, stanceSwatch } from "./icons.js";
import { linesOf } from "./list_lines.js";

const REMARK = "Reported facts, not verified by the makers of this map.";
const CONFLICT = "conflict"; // the key of ≠ among the signs
const FLOWING = ["when", "stance", "signs"]; // groups whose entries follow each other in lines
const BESIDE_LIST = 440; // pixels that a place's list takes at most

/** @type {{ attribution: HTMLElement, legend: HTMLElement, corner: HTMLElement, complaint: HTMLElement, tiles: HTMLElement,
 *   entries?: LegendEntry[] }} */
let parts;

/** A control of ours in a corner of the map: what is clicked or scrolled in it does not reach the map.
 * @param {L.Map} map @param {L.ControlPosition} position @param {string} className */
export function addControl(map, position, className) {
  const node = element("div", className);
  const control = new L.Control({ position });
  control.onAdd = () => node;
  control.addTo(map);
  L.DomEvent.disableClickPropagation(node);
  L.DomEvent.disableScrollPropagation(node);
  return node;
}

/** @param {MapState} state @param {() => void} goHome */
export function addControls(state, goHome) {
  const { map } = state;
  const attribution = addControl(map, "bottomright", "attribution");
  const legend = addControl(map, "bottomright", "legend");
  L.control.zoom({ position: "topleft", zoomInTitle: "Closer", zoomOutTitle: "Farther" }).addTo(map);
  const home = button("", "⤢", goHome);
  addControl(map, "topleft", "leaflet-bar home").append(named(home, "Show the whole area again"));
  L.control.scale({ position: "bottomleft", imperial: false, maxWidth: 140 }).addTo(map);
  map.getContainer().querySelector(".leaflet-control-scale")?.classList.add("scale-box");
  const arrow = svg(26, "0 0 26 34", shape("path", { d: "M13 2 L19 20 L13 16 L7 20 Z", class: "north-arrow" }));
  addControl(map, "bottomleft", "north").append(arrow, element("span", "", "N"));
  const corner = /** @type {HTMLElement} */ (legend.parentElement);
  const [complaint, tiles] = ["complaint", "complaint tile-notice"].map((one) => addControl(map, "topright", one));
  tiles.setAttribute("role", "status");
  parts = { attribution, legend, corner, complaint, tiles };
  addControl(map, "topright", "more-places");
  showAttribution(undefined);
  window.addEventListener("resize", () => { if (parts.entries) drawLegend(state, parts.entries, true, signsShown); });
}

/** @param {string | undefined} tiles the attribution of online tiles */
export function showAttribution(tiles) {
  parts.attribution.textContent = `${tiles ? `${tiles}.` : config.baseCredit} ${REMARK}`;
}

/** @param {string} text on online tiles that do not come; empty for none @returns {boolean} whether it is another */
export function showTileNotice(text) {
  const changed = parts.tiles.textContent !== text;
  if (changed) parts.tiles.textContent = text;
  return changed;
}

/** @param {string} text empty for none */
export function showComplaint(text) {
  parts.complaint.textContent = text;
}

/** @param {LegendEntry} entry */
export function swatch(entry) {
  if (entry.group === "stance") return stanceSwatch(entry.key, config.stance[entry.key].mark);
  if (entry.group === "when") return dayMark(entry.key);
  if (entry.group === "signs") return entry.key === CONFLICT ? conflictIcon(17) : evidenceIcon(entry.key, 16);
  const node = element("i", `swatch swatch-${entry.group} swatch-${entry.key}`);
  if (entry.group === "certainty") node.style.opacity = String(config.certainty[entry.key].opacity);
  if (entry.group === "layer" && entry.colour) node.style.background = entry.colour;
  return node;
}

/** @type {boolean | null} what somebody chose; null: as the window allows */
let foldedByHand = null;
const isSmall = () => window.innerWidth < 820 || window.innerHeight < 520;
const isFolded = () => foldedByHand ?? isSmall();

/** Where the map is small, an open legend takes the place of the histogram: it covers no symbol.
 * @param {boolean} beside */
function moveLegend(beside) {
  const { legend, corner } = parts;
  legend.classList.toggle("sheet", beside);
  document.body.classList.toggle("legend-opened", beside);
  if (beside) document.body.append(legend);
  else corner.prepend(legend); // above the attribution
}

/** Scroll the page until all of a legend is in sight. @param {HTMLElement} legend */
function reveal(legend) {
  const frame = window.frameElement;
  if (!frame || !legend.classList.contains("sheet")) { legend.scrollIntoView({ block: "nearest" }); return; }
  const below = frame.getBoundingClientRect().top + legend.getBoundingClientRect().bottom;
  if (below > window.parent.innerHeight) frame.scrollIntoView({ block: "end" }); // what is fixed scrolls no page
}

/** @type {string[]} names of the signs that the legend explains */
let signsShown = [];

/** @param {MapState} state @param {LegendEntry[]} entries
 * @param {boolean} [settled] whether names on the map are laid anew, since the legend may have another size
 * @param {string[]} [names] of the signs of evidence on the map; all of them before its lists are drawn */
export function drawLegend(state, entries, settled = true, names = undefined) {
  const folded = isFolded();
  const head = button("legend-head", "", () => {
    foldedByHand = !folded;
    drawLegend(state, entries, true, signsShown);
    /** @type {HTMLElement} */ (parts.legend.firstElementChild).focus({ preventScroll: true });
    reveal(parts.legend);
  });
  L.DomEvent.on(head, "click", L.DomEvent.stopPropagation); // it is replaced: the map would take the click
  head.append(element("span", "", "Legend"), element("span", "legend-fold", folded ? "show" : "hide"));
  head.setAttribute("aria-expanded", String(!folded));
  parts.legend.replaceChildren(head);
  parts.legend.hidden = !entries.length;
  parts.legend.classList.toggle("folded", folded);
  signsShown = names ?? entries.filter(({ group }) => group === "signs").map(({ key }) => key);
  if (!folded) {
    const onMap = entries.filter(({ group, key }) => group !== "signs" || key === CONFLICT || signsShown.includes(key));
    const groups = Object.keys(config.legendGroups).flatMap((group) => legendGroup(group, onMap));
    parts.legend.append(element("div", "legend-groups", ...groups));
  }
  moveLegend(!folded && isSmall());
  parts.entries = entries;
  if (settled) state.labels?.lay();
}

/** The signs of evidence in the lists of the map, by name. @param {MapState} state */
export function signsOnMap({ sites = [] }) {
  const lines = sites.flatMap(({ list }) => (list ? linesOf(list) : [])).filter(({ hidden }) => !hidden);
  const nodes = lines.map((line) => /** @type {SVGElement | null} */ (line.querySelector(".sign[data-sign]")));
  return [...new Set(nodes.flatMap((node) => node?.dataset.sign ?? []))];
}

/** Once lists are drawn: the legend explains the signs that are on the map now, and no others.
 * @param {MapState} state @param {LegendEntry[]} entries */
export function followSigns(state, entries) {
  const now = signsOnMap(state);
  const shown = signsShown.filter((name) => name !== CONFLICT);
  if (now.length !== shown.length || !now.every((name) => shown.includes(name))) drawLegend(state, entries, false, now);
}

/** @param {string} group @param {LegendEntry[]} entries of all groups */
function legendGroup(group, entries) {
  const some = entries.filter((entry) => entry.group === group);
  if (!some.length) return [];
  const title = element("h4", "", config.legendGroups[group]);
  if (group === "certainty") return [title, certaintyScale(some)];
  const rows = some.flatMap((entry) => {
    const count = entry.count && element("span", "legend-count", entry.count.toLocaleString("en"));
    const row = element("div", `legend-row legend-${group}`, swatch(entry), element("span", "", labelOf(entry)), count);
    return [row, ...densityScale(entry, entries)];
  });
  return FLOWING.includes(group) ? [title, element("div", "legend-flow", ...rows)] : [title, ...rows];
}

/** The title of its group says what a stance is about. @param {LegendEntry} entry */
const labelOf = ({ group, key, label }) => (group === "stance" ? config.stance[key].short : label);

/** Certainty is one row of dots, from the strongest shown to the weakest.
 * @param {LegendEntry[]} some */
function certaintyScale(some) {
  const dots = some.map((entry) => {
    const dot = /** @type {HTMLElement} */ (swatch(entry));
    dot.title = `${entry.label}: ${entry.count}`;
    return dot;
  });
  const [first, last] = [some[0], some[some.length - 1]];
  const words = some.length > 1 ? `${first.label} … ${last.label.toLowerCase()}` : first.label;
  return element("div", "certainty-row", ...dots, element("span", "", words));
}

/** What the shades of a large layer mean, in numbers; empty where it has none.
 * @param {LegendEntry} layer @param {LegendEntry[]} entries */
export function densityScale(layer, entries) {
  const entry = layer.group === "layer" && entries.find((one) => one.group === "shades" && one.key === layer.key);
  if (!entry) return [];
  const steps = (entry.scale ?? []).map(({ label, light, dark }) => {
    const shade = element("i", "shade");
    shade.style.setProperty("--light", light);
    shade.style.setProperty("--dark", dark);
    return element("span", "shade-step", shade, element("span", "", label));
  });
  const words = element("span", "", `${entry.noun} on one spot`);
  return [element("div", "legend-shades", words, element("div", "shade-row", ...steps))];
}

/** What the legend takes from the map, in pixels. */
const widthOfLegend = () => (isFolded() || isSmall() ? 0 : parts.legend.offsetWidth);

/** The first camera leaves the legend its room; later ones are the person's own.
 * @param {MapState} state @returns {L.FitBoundsOptions} */
export function cameraPadding({ map, options }) {
  const { x: width } = map.getSize();
  const beside = options.listed ? Math.min(BESIDE_LIST, 0.46 * width) : widthOfLegend();
  return { paddingTopLeft: [56, 40], paddingBottomRight: [width > 640 ? beside + 10 : 10, 30] };
}
