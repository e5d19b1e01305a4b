/* Names on the map: they thin out by zoom, and none covers another or a symbol. */
import { placeArcNames } from "./arc_names.js";
import { touches } from "./boxes.js";
import { element } from "./dom.js";
import { nameNode } from "./names.js";
import { HEIGHT, loadFonts, regionSize, townSize, widthOf } from "./name_sizes.js";
/** @import { Region, Town } from "./name_sizes.js" */
import { boxBeside, crosses, encloses, fits, freeSide, isCovered, overlap } from "./label_layout.js";
/** @import { Box, NearSide, Side } from "./label_layout.js" */

/** @typedef {{ id: string, label: string, lat: number, lon: number }} OwnPoint `id` with the name of its layer */

/** What a note counts, such as a runway, and what it says of it. @typedef {{ noun: string, text: string }} Noted */

/** Where a name may be: beside a spot, `off` pixels from it.
 * @typedef {{ lat: number, lon: number, sides: NearSide[], off?: number }} NameSpot */
/** A further name: the spot and sides that it prefers and others in `also`, the zoom from which it is wanted,
 * a second line, and whether its spot has a mark. It is on none of the lines in `clearOf`, and inside of an outline of a
 * place, or outside, where `within` says so; `noted` is what a note says where it has no room.
 * @typedef {NameSpot & { text: string, className: string, fromZoom: number, note?: string, mark?: boolean, group?: string,
 *   also?: NameSpot[], clearOf?: L.LatLng[][], within?: boolean, noted?: Noted }} FurtherName
 * @typedef {(some: FurtherName[]) => FurtherName[][]} NameChoices ways to name all of a kind, the best first
 * @typedef {FurtherName & { side: NearSide, box: Box }} PlacedName */

const NEAR = 8; // pixels from a spot to its further name
const FURTHER_HEIGHT = 14; // of a further name, as in airfield.css
const TO_LINE = 2; // pixels from a further name to a line
const MARK = 3; // pixels from the middle of a mark to its edge
const BIG_TOWNS = 2; // ranks that are named before further names
const POINTS_NAMED = 120; // points of further layers
const PAST_SYMBOL = 35; // pixels from a point that is on a place's symbol to its name
const LONGEST = 28; // characters of a point's name

/** A marker that is words alone: it has no size of its own and takes no clicks.
 * @param {L.LatLngExpression} at @param {HTMLElement} node @param {string} [pane] @param {number} [zIndexOffset] */
export function textMarker(at, node, pane = "names", zIndexOffset = 0) {
  const icon = L.divIcon({ html: node, className: "bare", iconSize: [0, 0] });
  return L.marker(at, { icon, pane, zIndexOffset, interactive: false, keyboard: false });
}

/** @param {L.Point} at @returns {Box} */
const dotBox = ({ x, y }) => [x - 5, y - 5, x + 5, y + 5];

/** @param {Town} feature @param {Side} side @param {boolean} covered its spot is under a symbol: its name is beside that */
function townMarker(feature, side, covered) {
  const { rank } = feature.properties;
  const [lon, lat] = feature.geometry.coordinates;
  const parts = [!covered && element("i", "town-dot"), nameNode("town-name", feature.properties)];
  const node = element("div", `town rank-${rank} side-${side}`, ...parts);
  if (covered) node.style.setProperty("--away", `${PAST_SYMBOL}px`);
  return textMarker([lat, lon], node);
}

/** @param {Box} box @returns {Box} with the room that it keeps to a line */
const widened = ([left, top, right, bottom]) => [left - TO_LINE, top - TO_LINE, right + TO_LINE, bottom + TO_LINE];

/** @param {PlacedName} name */
function furtherMarker({ lat, lon, side, className, text, note, off = NEAR }) {
  const words = element("span", "further-name", text, note && element("i", "", note));
  const node = element("div", `further ${className} side-${side}`, words);
  node.style.setProperty("--away", `${off}px`);
  return textMarker([lat, lon], node);
}

export class MapLabels {
  /** @param {L.Map} map
   * @param {{regions: Region[], towns: Town[], wanted: string[], hideCovered: boolean}} given Towns in `wanted` are
   *   named from afar too. A town whose own spot is covered is not named;
   *   one in `wanted` is named beside what covers it, except on a slide (`hideCovered`). */
  constructor(map, { regions, towns, wanted, hideCovered }) {
    this.map = map;
    this.regions = regions;
    this.wanted = new Set(wanted);
    this.hideCovered = hideCovered;
    this.towns = towns.slice().sort((a, b) =>
      a.properties.rank - b.properties.rank || b.properties.population - a.properties.population);
    this.group = L.layerGroup().addTo(map);
    /** @type {OwnPoint[]} points of further layers, named before any town */
    this.points = [];
    /** @type {import("./arc_names.js").ArcName[]} distances from a place, named before any town */
    this.arcs = [];
    /** @type {Map<string, { names: FurtherName[], choices?: NameChoices }>} by kind */
    this.further = new Map();
    /** @type {Box[]} the names that are on the map, and the dots of towns */
    this.named = [];
    /** @type {(noted: Noted[]) => Box[]} where no name may be, with a note of what has no name */
    this.obstacles = () => [];
    /** @type {(left: Noted[]) => void} says what has no name, and lays nothing anew */
    this.note = () => {};
    /** @type {() => L.Point[][]} lines on which no further name may be: outlines of places, in pixels */
    this.lines = () => [];
    this.stale = false; // whether a layout is due
    map.on("zoomend moveend resize viewreset", () => this.laySoon());
    const layNext = () => this.laySoon(requestAnimationFrame); // names have another width now
    document.fonts.addEventListener("loadingdone", layNext);
    loadFonts().then(layNext, () => {});
    layNext();
  }

  /** Lay the names once after all that changes now, unless they are laid meanwhile: a new camera is several events,
   * and symbols are put in place after the last of them.
   * @param {(lay: () => void) => unknown} [when] before the browser paints, or with its next frame */
  laySoon(when = queueMicrotask) {
    this.stale = true;
    when(() => { if (this.stale) this.lay(); });
  }

  /** Lay all names; once more where some have no room, beside the note that counts them. */
  lay() {
    this.stale = false;
    let left = this.layAll([]);
    for (let noted = 0; left.length > noted;) {
      noted = left.length;
      left = this.layAll(left);
      if (left.length < noted) this.note(left); // beside the note there was room for some
    }
  }

  /** Greedy, in order of rank: a town that has no room on any side is left out.
   * @param {Noted[]} noted what a note counts @returns {Noted[]} distances, runways and aprons that have no room */
  layAll(noted) {
    const zoom = this.map.getZoom();
    const frame = this.map.getSize();
    const symbols = this.obstacles(noted);
    const taken = symbols.slice();
    this.group.clearLayers();
    this.layPoints(frame, taken);
    const { placed, left } = placeArcNames(this.map, this.arcs, taken, (text) => widthOf(text, 4));
    for (const { label, side, at } of placed) {
      const name = element("div", `town arc-name side-${side}`, element("span", "town-name", label));
      this.group.addLayer(textMarker(at, name));
    }
    const big = this.towns.filter(({ properties }) => properties.rank <= BIG_TOWNS);
    this.layTowns(big, zoom, frame, symbols, taken);
    const unnamed = this.layFurther(zoom, frame, taken);
    this.layTowns(this.towns.slice(big.length), zoom, frame, symbols, taken);
    this.layRegions(zoom, frame, taken);
    this.named = taken.slice(symbols.length);
    return [...left.map((text) => ({ noun: "distance", text })), ...unnamed];
  }

  /** Set the further names of a kind, such as aprons; an empty list removes them.
   * @param {string} kind @param {FurtherName[]} names
   * @param {NameChoices} [choices] of which the first is taken that has room for all; otherwise each has its own */
  setNames(kind, names, choices) {
    this.keepNames(kind, names, choices);
    this.laySoon();
  }

  /** The same, laid with the next layout: for whoever draws more before it.
   * @param {string} kind @param {FurtherName[]} names @param {NameChoices} [choices] */
  keepNames(kind, names, choices) {
    this.further.set(kind, { names, choices });
  }

  /** The dots of towns that names of places better leave free. @returns {Box[]} */
  dots() {
    const sight = this.map.getBounds();
    return this.towns.filter(({ properties: { rank, name }, geometry: { coordinates: [lon, lat] } }) => (
      (rank <= BIG_TOWNS || this.wanted.has(name)) && sight.contains([lat, lon])))
      .map(({ geometry: { coordinates: [lon, lat] } }) => dotBox(this.map.latLngToContainerPoint([lat, lon])));
  }

  /** @param {Town[]} towns @param {number} zoom @param {L.Point} frame @param {Box[]} symbols @param {Box[]} taken */
  layTowns(towns, zoom, frame, symbols, taken) {
    for (const town of towns) {
      const { name, min_zoom: from, side = "right" } = town.properties;
      if (from > zoom + 0.25 && !this.wanted.has(name)) continue;
      const [lon, lat] = town.geometry.coordinates;
      const at = this.map.latLngToContainerPoint([lat, lon]);
      const dot = dotBox(at);
      const covered = isCovered(at, frame, symbols) || taken.some((other) => touches(other, dot));
      if (covered && (this.hideCovered || !this.wanted.has(name))) continue;
      const free = freeSide(at, side, townSize(town.properties), frame, taken, covered ? PAST_SYMBOL : undefined);
      if (!free) continue;
      taken.push(free.box, ...(covered ? [] : [dot]));
      this.group.addLayer(townMarker(town, free.side, covered));
    }
  }

  /** @param {number} zoom @param {L.Point} frame @param {Box[]} taken @returns {Noted[]} what has no room */
  layFurther(zoom, frame, taken) {
    if (!this.further.size) return [];
    const outlines = this.lines();
    const covered = taken.slice();
    /** @param {FurtherName} name */
    const at = ({ lat, lon }) => this.map.latLngToContainerPoint([lat, lon]);
    const kinds = [...this.further.values()].map(({ names, choices }) => ({
      choices, wanted: names.filter((name) => zoom >= name.fromZoom && !isCovered(at(name), frame, name.group ? [] : covered)),
    }));
    for (const { x, y } of kinds.flatMap(({ wanted }) => wanted.filter(({ mark }) => mark).map(at))) {
      taken.push([x - MARK, y - MARK, x + MARK, y + MARK]);
    }
    /** @type {Map<string, Noted>} */
    const left = new Map();
    for (const { wanted, choices = (/** @type {FurtherName[]} */ some) => [some] } of kinds) {
      /** @type {{ first: PlacedName[] | null, whole: PlacedName[] | null }} */
      const found = { first: null, whole: null };
      for (const some of choices(wanted)) {
        const placed = this.findRooms(some, frame, taken, outlines);
        found.first ??= placed;
        if (placed.length === some.length) { found.whole = placed; break; }
      }
      const { first, whole } = found;
      const own = wanted.some(({ noted }) => noted); // all of the kind, or none
      if (!whole && own) for (const { noted } of wanted) if (noted) left.set(`${noted.noun} ${noted.text}`, noted);
      for (const name of whole ?? (own ? [] : first ?? [])) {
        taken.push(name.box);
        this.group.addLayer(furtherMarker(name));
      }
    }
    return [...left.values()];
  }

  /** Names with their places, in their order: each at its first spot and side with room.
   * @param {FurtherName[]} names @param {L.Point} frame @param {Box[]} taken @param {L.Point[][]} outlines */
  findRooms(names, frame, taken, outlines) {
    /** @type {PlacedName[]} */
    const placed = [];
    for (const name of names) {
      const own = (name.clearOf || []).map((line) => line.map((spot) => this.map.latLngToContainerPoint(spot)));
      const found = this.findRoom(name, frame, [...taken, ...placed.map(({ box }) => box)], [...outlines, ...own]);
      if (found) placed.push(found);
    }
    return placed;
  }

  /** @param {FurtherName} name @param {L.Point} frame @param {Box[]} taken @param {L.Point[][]} lines
   * @returns {PlacedName | null} */
  findRoom(name, frame, taken, lines) {
    const { also = [], text, note, within } = name;
    const width = Math.max(widthOf(text, "further"), note ? widthOf(note, "further") : 0);
    const height = note ? 2 * FURTHER_HEIGHT : FURTHER_HEIGHT;
    const tried = [name, ...also].flatMap(({ lat, lon, sides, off = NEAR }) => sides.map((side) => {
      const at = this.map.latLngToContainerPoint([lat, lon]);
      return { ...name, lat, lon, side, off, box: boxBeside(at, side, width, height, off) };
    }));
    return tried.find(({ box }) => fits(box, frame, 2) && !taken.some((other) => overlap(other, box))
      && (within === undefined || lines.some((line) => encloses(line, box)) === within)
      && !lines.some((line) => crosses(line, widened(box)))) ?? null;
  }

  /** Points of further layers: no other name is on one, and each is named where there is room.
   * @param {L.Point} frame @param {Box[]} taken */
  layPoints(frame, taken) {
    const seen = this.points.map((point) => ({ ...point, at: this.map.latLngToContainerPoint([point.lat, point.lon]) }))
      .filter(({ at }) => at.x > 0 && at.y > 0 && at.x < frame.x && at.y < frame.y);
    taken.push(...seen.map(({ at }) => /** @type {Box} */ ([at.x - 5, at.y - 5, at.x + 5, at.y + 5])));
    for (const { id, label, lat, lon, at } of seen.slice(0, POINTS_NAMED)) {
      const text = label.length > LONGEST ? `${label.slice(0, LONGEST - 1)}…` : label;
      const others = taken.filter(([left, top]) => left !== at.x - 5 || top !== at.y - 5);
      const size = { width: widthOf(text, "own"), height: HEIGHT };
      const near = text && freeSide(at, "right", size, frame, others);
      const free = near || (text && freeSide(at, "right", size, frame, others, PAST_SYMBOL));
      if (!free) continue;
      taken.push(free.box);
      const name = element("div", `town own-point side-${free.side}`, element("span", "town-name", text));
      name.dataset.point = id;
      if (!near) name.style.setProperty("--away", `${PAST_SYMBOL}px`);
      this.group.addLayer(textMarker([lat, lon], name));
    }
  }

  /** Show the names of some points and hide those of others, where they were laid.
   * @param {Map<string, boolean>} shown by the point's id */
  showNames(shown) {
    for (const name of /** @type {NodeListOf<HTMLElement>} */ (this.map.getContainer().querySelectorAll(".own-point"))) {
      const on = shown.get(name.dataset.point ?? "");
      if (on !== undefined) name.hidden = !on;
    }
  }

  /** Countries and the sea: set wide, and only where there is room.
   * @param {number} zoom @param {L.Point} frame @param {Box[]} taken */
  layRegions(zoom, frame, taken) {
    const named = new Set();
    for (const region of this.regions) {
      const { name, kind, min_zoom: from = 0, max_zoom: to = 20 } = region.properties;
      if (zoom < from || zoom > to || named.has(name)) continue;
      const [lon, lat] = region.geometry.coordinates;
      const { x, y } = this.map.latLngToContainerPoint([lat, lon]);
      const { width, height } = regionSize(region.properties);
      /** @type {Box} */
      const box = [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
      if (!fits(box, frame, 4) || taken.some((other) => overlap(other, box))) continue;
      named.add(name);
      taken.push(box);
      this.group.addLayer(textMarker([lat, lon], nameNode(`region ${kind}`, region.properties)));
    }
  }
}
