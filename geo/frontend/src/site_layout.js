/* One placement of all places on the map. Fixed controls are there first; then symbols, names of places, lists,
   names of areas. What finds no room is returned by name. Pure: the same input gives the same output. */
import { placeSymbols } from "./badge_layout.js";
import { placeList } from "./list_layout.js";
import { placeName } from "./name_layout.js";
/** @import { Line, Size } from "./boxes.js" */
/** @import { Box, Side, Spot } from "./label_layout.js" */
/** @import { PlacedSymbol, Room } from "./badge_layout.js" */
/** @import { PlacedName } from "./name_layout.js" */
/** @import { ListSize, PlacedList } from "./list_layout.js" */

/** @typedef {{
 *   id: string, anchor: Spot, extent: Box, weight: number, side: Side, area: boolean, aside: boolean, outline: Box | null,
 *   names: Size[], list: ListSize | null, button: Size | null,
 * }} Site `extent`: of the symbol round its middle; `aside`: it may not lie on its own outline; `names`: forms of its
 *   name block, the fullest first; `button`: in place of a list that has no room */
/** @typedef {{
 *   id: string, symbol: PlacedSymbol | null, name: PlacedName | null, list: PlacedList | null, button: Box | null,
 * }} PlacedSite */
/** @typedef {{ sites: PlacedSite[], taken: Box[], lines: Line[], unplaced: string[] }} SiteLayout `unplaced`: places in
 *   sight whose symbol or name has no room */

const OUTSIDE = 14; // pixels outside the frame at which a place still is in sight
const INSET = 34; // pixels from the frame's edge to the symbol of a place whose outline alone is in sight
const LARGE = 0.5; // share of the frame above which an outline cannot be spared

/** Where a symbol belongs on this frame; null where the place is out of sight.
 * @param {Site} site @param {Spot} frame @returns {Spot | null} */
export function homeOf({ anchor: { x, y }, outline, extent }, frame) {
  const inSight = x > -OUTSIDE && y > -OUTSIDE && x < frame.x + OUTSIDE && y < frame.y + OUTSIDE;
  if (!inSight) {
    if (!outline) return null;
    const seen = [Math.max(outline[0], 0), Math.max(outline[1], 0), Math.min(outline[2], frame.x), Math.min(outline[3], frame.y)];
    if (seen[2] - seen[0] < INSET || seen[3] - seen[1] < INSET) return null;
  }
  const [left, top, right, bottom] = inSight ? extent.map((one) => Math.abs(one) + 3) : [INSET, INSET, INSET, INSET];
  return { x: Math.min(Math.max(x, left), frame.x - right), y: Math.min(Math.max(y, top), frame.y - bottom) };
}

/** @param {Site[]} sites @param {{ frame: Spot, obstacles: Box[], kept?: Box[], spared?: Box[], points?: Box[] }} given
 *   `obstacles`: fixed things; `kept`: names that stay; `spared`, `points`: what names, and lists, better leave free
 * @returns {SiteLayout} */
export function layOutSites(sites, { frame, obstacles, kept = [], spared = [], points = [] }) {
  /** @type {Room} */
  const room = { frame, taken: obstacles.slice(), lines: [] };
  const order = [...sites].sort((a, b) => b.weight - a.weight || (a.id < b.id ? -1 : 1));
  const symbols = order.flatMap((site) => {
    const home = homeOf(site, frame);
    return home ? [{ ...site, home, off: site.aside ? site.outline : null }] : [];
  });
  const placed = placeSymbols(symbols, room);
  room.taken.push(...kept);
  const inSight = order.filter(({ id }) => placed.has(id));
  /** @type {Map<string, PlacedSite>} */
  const found = new Map(inSight.map(({ id }) => (
    [id, { id, symbol: placed.get(id) ?? null, name: null, list: null, button: null }])));
  const outlines = inSight.flatMap(({ outline }) => (outline && isSmall(outline, frame) ? [outline] : []));
  const free = [...spared, ...outlines];
  for (const site of inSight) if (!site.area) layName(site, found, room, free);
  for (const site of inSight) if (site.list) layList(site, found, room, [...outlines, ...points]);
  for (const site of inSight) if (site.area) layName(site, found, room, free);
  const unplaced = inSight.filter(({ id, names }) => {
    const one = found.get(id);
    return !one?.symbol || (names.length && !one.name);
  }).map(({ id }) => id);
  return { sites: [...found.values()], taken: room.taken, lines: room.lines, unplaced };
}

/** @param {Site} site @param {Map<string, PlacedSite>} found @param {Room} room @param {Box[]} spared */
function layName(site, found, room, spared) {
  const own = found.get(site.id);
  if (!own?.symbol || !site.names.length) return;
  const beside = site.area && site.outline ? [own.symbol.box, site.outline] : [own.symbol.box];
  const side = own.symbol.leader ? sideAway(own.symbol.leader, site.side) : site.side;
  own.name = placeName(beside, side, site.names, room, spared);
  if (own.name) room.taken.push(own.name.box);
}

/** A name of a symbol that was moved is on the side away from its place.
 * @param {Line} leader from the symbol to the place @param {Side} usual @returns {Side} */
function sideAway([x1, , x2], usual) {
  if (Math.abs(x1 - x2) < 10) return usual;
  return x1 < x2 ? "left" : "right";
}

/** @param {Site} site @param {Map<string, PlacedSite>} found @param {Room} room @param {Box[]} outlines */
function layList(site, found, room, outlines) {
  const own = found.get(site.id);
  if (!own?.symbol || !site.list) return;
  const name = own.name?.box ?? null;
  const list = placeList(site.list, { own: name ? [own.symbol.box, name] : [own.symbol.box], name, outlines }, room);
  if (list) {
    own.list = list;
    room.taken.push(list.box);
    if (list.leader) room.lines.push(list.leader);
  } else if (site.button) {
    const beside = name ? [name, own.symbol.box] : [own.symbol.box];
    own.button = placeName(beside, "bottom", [site.button], room, outlines)?.box ?? null;
    if (own.button) room.taken.push(own.button);
  }
}

/** @param {Box} outline @param {Spot} frame */
const isSmall = ([left, top, right, bottom], { x, y }) => (
  (Math.min(right, x) - Math.max(left, 0)) * (Math.min(bottom, y) - Math.max(top, 0)) < LARGE * x * y);
