/* Lays out the places of the map: measures once, computes (site_layout.js), then moves the nodes. */
import { arcBoxes } from "./arc_names.js";
import { boxesAlong } from "./boxes.js";
import { button, element, shape, svg } from "./dom.js";
import { boxOfMore, obstacles } from "./obstacles.js";
import { linesOf } from "./list_lines.js";
import { nameLine } from "./names.js";
import { buttonSize, listSize, measureSites, nameForms, sizesAge } from "./place_measure.js";
import { symbolCircles } from "./point_layer.js";
import { layOutSites } from "./site_layout.js";
/** @import { Line } from "./boxes.js" */
/** @import { Box, Spot } from "./label_layout.js" */
/** @import { Noted } from "./labels.js" */
/** @import { PlacedSite, Site } from "./site_layout.js" */
/** @import { SiteView } from "./place_symbols.js" */

const BADGE = 23; // pixels from the middle of a symbol to its edge
const SMALL_BADGE = 19; // on a small frame, as in map.css
const MARK = 6; // from there to the edge of its mark, above and to the right
const DRAFT = 5; // to the edge of the line round what is not published
const SMALL = "(max-width: 520px)";
const DOT = 5;
const POINTS_SPARED = 60; // of further layers: more cannot be left free
const AREA_WEIGHT = 0.5; // an area gives way to places: its symbol is beside it anyway

/** Lay out all places, and return what no other name may lie on.
 * @param {MapState} state @param {Box[]} [kept] names that stay where they are, such as those of towns during playback
 * @returns {Box[]} */
export function layOutPlaces(state, kept = []) {
  const { map, sites = [] } = state;
  measureSites(sites);
  const spots = sites.map(({ at }) => map.latLngToContainerPoint(at));
  const { x, y } = map.getSize();
  const frame = { x, y };
  const given = sites.map((site, i) => describe(site, spots[i], state));
  const spared = [...state.labels?.dots() ?? [], ...arcBoxes(map, state.labels?.arcs ?? [])];
  const fixed = obstacles(state);
  const points = pointBoxes(state, frame);
  let layout = layOutSites(given, { frame, obstacles: fixed, kept, spared, points });
  if (layout.unplaced.length || unnamed(state).length) {
    showUnplaced(state, layout.unplaced);
    layout = layOutSites(given, { frame, obstacles: [...fixed, ...boxOfMore(state)], kept, spared, points });
  }
  showUnplaced(state, layout.unplaced);
  const placed = new Map(layout.sites.map((one) => [one.id, one]));
  sites.forEach((site, i) => move(site, placed.get(site.place.id), spots[i], state));
  const half = radius();
  symbolCircles.set(map, sites.flatMap(({ place, claims }) => {
    const at = claims.length ? placed.get(place.id)?.symbol?.at : null;
    return at ? [{ ...at, radius: half }] : [];
  }));
  map.fire("symbols");
  return [...layout.taken, ...layout.lines.flatMap((line) => boxesAlong(line))];
}

/** Points of further layers in sight, which a list would keep from being clicked.
 * @param {MapState} state @param {Spot} frame @returns {Box[]} */
const pointBoxes = ({ map, labels }, frame) => (labels?.points ?? [])
  .map(({ lat, lon }) => map.latLngToContainerPoint([lat, lon]))
  .filter(({ x, y }) => x > 0 && y > 0 && x < frame.x && y < frame.y).slice(0, POINTS_SPARED)
  .map(({ x, y }) => [x - DOT, y - DOT, x + DOT, y + DOT]);

/** @param {SiteView} site @returns {Box} */
function extentOf({ badge, claims }) {
  if (!claims.length) return [-DOT, -DOT, DOT, DOT];
  const half = radius();
  const [edge, far] = badge.classList.contains("unpublished") ? [half + DRAFT, half + MARK] : [half, half];
  const marked = badge.querySelector(".conflict-mark") ? half + MARK : far;
  return [-edge, -marked, marked, edge];
}

/** @type {MediaQueryList | undefined} */
let small;

/** Of a symbol, in pixels. */
function radius() {
  small ??= window.matchMedia(SMALL);
  return small.matches ? SMALL_BADGE : BADGE;
}

/** @param {SiteView} site @param {Spot} anchor @param {MapState} state @returns {Site} */
function describe(site, anchor, { map }) {
  const { place, claims, bounds, side, area, close, list, button: listButton } = site;
  const [from, to] = bounds ? [bounds.getNorthWest(), bounds.getSouthEast()].map((at) => map.latLngToContainerPoint(at)) : [];
  return {
    id: place.id, anchor, side, area, extent: extentOf(site), outline: from ? [from.x, from.y, to.x, to.y] : null,
    weight: claims.length * (area ? AREA_WEIGHT : 1), aside: area && !close,
    names: nameForms(site).map(({ size }) => size),
    list: list && listSize(list, map.getSize().x), button: listButton && buttonSize(listButton),
  };
}

/** @param {HTMLElement} node @param {number} x @param {number} y */
const put = (node, x, y) => { node.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`; };

/** @param {HTMLElement} node @param {Box | null | undefined} box @param {Spot} anchor */
function putBox(node, box, anchor) {
  node.style.visibility = box ? "" : "hidden";
  if (box) put(node, box[0] - anchor.x, box[1] - anchor.y);
}

/** @type {WeakMap<HTMLElement, string>} where the parts of a place are */
const moved = new WeakMap();

/** Whether the parts of a place are where they are to be already.
 * @param {HTMLElement} node @param {PlacedSite | undefined} placed @param {Spot} anchor */
function isThere(node, placed, { x, y }) {
  const { symbol, name, list, button: own } = placed ?? {};
  const key = JSON.stringify([x, y, symbol, name?.box, name?.variant, name?.side, list, own, sizesAge()]);
  const there = moved.get(node) === key;
  moved.set(node, key);
  return there;
}

/** @param {SiteView} site @param {PlacedSite | undefined} placed @param {Spot} anchor @param {MapState} state */
function move(site, placed, anchor, { options }) {
  const { node, badge, text, list, button: listButton } = site;
  if (isThere(node, placed, anchor)) return;
  node.querySelector(".leader")?.remove();
  const symbol = placed?.symbol;
  node.style.visibility = symbol ? "" : "hidden";
  const side = placed?.name?.side === "left" ? "left" : "right";
  node.classList.toggle("side-left", side === "left");
  node.classList.toggle("side-right", side === "right");
  if (symbol) put(badge, symbol.at.x - anchor.x, symbol.at.y - anchor.y);
  if (placed?.name) text.dataset.form = nameForms(site)[placed.name.variant].form;
  putBox(text, symbol && placed?.name?.box, anchor);
  if (list) showList(list, placed?.list, anchor, Boolean(options.stage));
  if (listButton) putBox(listButton, placed?.button, anchor);
  const lines = [symbol?.leader && fromEdge(symbol.leader), placed?.list?.leader];
  drawLeaders(node, lines.flatMap((line) => (line ? [line] : [])), anchor);
}

/** @param {HTMLElement} list @param {PlacedSite["list"] | undefined} placed @param {Spot} anchor @param {boolean} stage */
function showList(list, placed, anchor, stage) {
  putBox(list, placed?.box, anchor);
  list.style.width = placed ? `${placed.box[2] - placed.box[0]}px` : "";
  const lines = linesOf(list);
  const more = /** @type {HTMLElement} */ (list.lastElementChild);
  const shown = placed?.lines ?? lines.length;
  lines.forEach((line, i) => { line.hidden = i >= shown; });
  more.hidden = shown >= lines.length;
  more.textContent = `and ${lines.length - shown} more${stage ? "" : " in the table"}`;
}

/** A leader without the part that is under its symbol.
 * @param {Line} line @returns {Line} */
function fromEdge([x1, y1, x2, y2]) {
  const share = Math.min(1, radius() / Math.hypot(x2 - x1, y2 - y1));
  return [x1 + share * (x2 - x1), y1 + share * (y2 - y1), x2, y2];
}

/** @param {HTMLElement} node @param {Line[]} lines in the map's pixels @param {Spot} anchor */
function drawLeaders(node, lines, { x, y }) {
  if (!lines.length) return;
  const drawn = lines.map(([x1, y1, x2, y2]) => shape("line", { x1: x1 - x, y1: y1 - y, x2: x2 - x, y2: y2 - y }));
  const image = svg(1, "0 0 1 1", ...drawn);
  image.classList.add("leader");
  node.prepend(image);
}

/** What is on the map and whose name has no room. @param {MapState} state @returns {Noted[]} */
const unnamed = ({ noted = [], labels }) => noted.filter(({ noun, text }) => (
  noun !== "distance" || labels?.arcs.some(({ label }) => label === text)));

/** Name again what has no room. @param {MapState} state */
export const noteAgain = (state) => showUnplaced(state, state.unplaced ?? []);

/** @param {number} count @param {string} noun */
const counted = (count, noun) => (count ? [`${count} ${noun}${count === 1 ? "" : "s"}`] : []);

/** Name the places, distances, runways and aprons that have no room. On a stage in words, elsewhere as a button that opens their names.
 * @param {MapState} state @param {string[]} ids of places */
function showUnplaced(state, ids) {
  const box = state.map.getContainer().querySelector(".more-places");
  state.unplaced = ids;
  if (!box) return;
  const others = unnamed(state);
  const texts = others.map(({ text }) => text);
  const key = [...ids, ...texts].join(" ");
  if (box.getAttribute("data-places") === key) return;
  box.setAttribute("data-places", key);
  const names = new Map((state.sites ?? []).map(({ place, pick }) => [place.id, { name: nameOf(place), pick }]));
  const rows = ids.flatMap((id) => names.get(id) ?? []);
  const nouns = [...new Set(others.map(({ noun }) => noun))];
  const counts = nouns.flatMap((noun) => counted(others.filter((one) => one.noun === noun).length, noun));
  const words = `and ${[...counted(ids.length, "place"), ...counts].join(" and ")} more`;
  if (!ids.length && !others.length) { box.replaceChildren(); return; }
  if (state.options.stage) {
    box.replaceChildren(element("span", "", `${words}: ${[...rows.map(({ name }) => name), ...texts].join(", ")}`));
    return;
  }
  const inside = element("div", "more-list", ...rows.map(({ name, pick }) => button("more-place", name, pick)),
    ...texts.map((text) => element("span", "more-name", text)));
  inside.hidden = true;
  const head = button("more-head", words, () => {
    inside.hidden = !inside.hidden;
    head.setAttribute("aria-expanded", String(!inside.hidden));
  });
  head.setAttribute("aria-expanded", "false");
  box.replaceChildren(head, inside);
}

/** @param {Place} place */
const nameOf = ({ properties }) => nameLine(properties);
