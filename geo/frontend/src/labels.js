/* Names on the map: they thin out by zoom, and none covers another or a symbol. */
import { element } from "./dom.js";
import { boxBeside, crosses, fits, freeSide, isCovered, overlap } from "./label_layout.js";
/** @import { Feature, Point } from "geojson" */
/** @import { Box, Side } from "./label_layout.js" */

/** @typedef {{ id: string, label: string, lat: number, lon: number }} OwnPoint `id` with the name of its layer */
/** @typedef {Feature<Point, { name: string, rank: number, population: number, min_zoom: number, side?: Side }>} Town
 * @typedef {Feature<Point, { name: string, kind: string, min_zoom?: number, max_zoom?: number }>} Region */

/** A further name: its sides in order of preference, the zoom from which it is wanted, a second line, and
 * other spots where it may be named as well. It is on none of the lines in `clearOf`.
 * @typedef {{ lat: number, lon: number, text: string, className: string, sides: Side[], fromZoom: number, note?: string,
 *   also?: Array<{ lat: number, lon: number, sides: Side[] }>, clearOf?: L.LatLng[][] }} FurtherName
 * @typedef {FurtherName & { side: Side, box: Box }} PlacedName */

/** @type {Record<number | string, string>} of towns by rank, as in map.css */
const FONT = { own: "600 13px", 1: "600 15px", 2: "500 14px", 3: "400 13px", 4: "400 12px", further: "600 12px" };
const FAMILY = '"Source Sans", sans-serif';
const HEIGHT = 16; // pixels of a line
const FURTHER_HEIGHT = 14; // of a further name, as in airfield.css
const BIG_TOWNS = 2; // ranks that are named before further names
const POINTS_NAMED = 120; // points of further layers
const PAST_SYMBOL = 30; // pixels from a point that is on a place's symbol to its name
const LONGEST = 28; // characters of a point's name

/** @type {CanvasRenderingContext2D | null} */
let ruler = null;

/** @param {string} text @param {number | "own" | "further"} rank */
function widthOf(text, rank) {
  ruler ??= /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  ruler.font = `${FONT[rank] || FONT[4]} ${FAMILY}`;
  return ruler.measureText(text).width;
}

/** A marker that is words alone: it has no size of its own and takes no clicks.
 * @param {L.LatLngExpression} at @param {HTMLElement} node @param {string} [pane] @param {number} [zIndexOffset] */
export function textMarker(at, node, pane = "names", zIndexOffset = 0) {
  const icon = L.divIcon({ html: node, className: "bare", iconSize: [0, 0] });
  return L.marker(at, { icon, pane, zIndexOffset, interactive: false, keyboard: false });
}

/** @param {Town} feature @param {Side} side */
function townMarker(feature, side) {
  const { name, rank } = feature.properties;
  const [lon, lat] = feature.geometry.coordinates;
  const parts = [element("i", "town-dot"), element("span", "town-name", name)];
  return textMarker([lat, lon], element("div", `town rank-${rank} side-${side}`, ...parts));
}

/** @param {PlacedName} name */
function furtherMarker({ lat, lon, side, className, text, note }) {
  const words = element("span", "further-name", text, note && element("i", "", note));
  return textMarker([lat, lon], element("div", `further ${className} side-${side}`, words));
}

/** @param {number[]} position longitude, latitude @param {string} name @param {string} kind */
export const nameMarker = ([lon, lat], name, kind) =>
  textMarker([lat, lon], element("span", `region ${kind}`, name));

export class MapLabels {
  /** @param {L.Map} map
   * @param {{regions: Region[], towns: Town[], wanted: string[], hideCovered: boolean}} given Towns in `wanted` are
   *   named from afar too. On a slide (`hideCovered`) a town whose own spot is not visible is not named. */
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
    /** @type {Map<string, { names: FurtherName[], together?: FurtherName }>} by kind */
    this.further = new Map();
    /** @type {() => Box[]} where no name may be */
    this.obstacles = () => [];
    /** @type {() => L.Point[][]} lines on which no further name may be: outlines of places, in pixels */
    this.lines = () => [];
    map.on("zoomend moveend resize", () => this.lay());
    map.on("viewreset", () => queueMicrotask(() => this.lay())); // symbols are put in place after moveend
    document.fonts.addEventListener("loadingdone", () => this.lay()); // names have another width now
    Promise.all(Object.values(FONT).map((font) => document.fonts.load(`${font} ${FAMILY}`))).then(() => this.lay(), () => {});
    this.lay();
  }

  /** Greedy, in order of rank: a name that has no room on any side is left out. */
  lay() {
    const zoom = this.map.getZoom();
    const frame = this.map.getSize();
    const symbols = this.obstacles();
    const taken = symbols.slice();
    this.group.clearLayers();
    this.layPoints(frame, taken);
    const big = this.towns.filter(({ properties }) => properties.rank <= BIG_TOWNS);
    this.layTowns(big, zoom, frame, symbols, taken);
    this.layFurther(zoom, frame, taken);
    this.layTowns(this.towns.slice(big.length), zoom, frame, symbols, taken);
    this.layRegions(zoom, frame, taken);
  }

  /** Set the further names of a kind, such as aprons; an empty list removes them.
   * @param {string} kind @param {FurtherName[]} names
   * @param {FurtherName} [together] one name in place of all of them, where one of them has no room */
  setNames(kind, names, together) {
    this.further.set(kind, { names, together });
    this.lay();
  }

  /** @param {Town[]} towns @param {number} zoom @param {L.Point} frame @param {Box[]} symbols @param {Box[]} taken */
  layTowns(towns, zoom, frame, symbols, taken) {
    for (const town of towns) {
      const { name, rank, min_zoom: from, side = "right" } = town.properties;
      if (from > zoom + 0.25 && !this.wanted.has(name)) continue;
      const [lon, lat] = town.geometry.coordinates;
      const at = this.map.latLngToContainerPoint([lat, lon]);
      if (this.hideCovered && isCovered(at, frame, symbols)) continue;
      const free = freeSide(at, side, { width: widthOf(name, rank), height: HEIGHT }, frame, taken);
      if (!free) continue;
      taken.push(free.box, [at.x - 4, at.y - 4, at.x + 4, at.y + 4]);
      this.group.addLayer(townMarker(town, free.side));
    }
  }

  /** @param {number} zoom @param {L.Point} frame @param {Box[]} taken */
  layFurther(zoom, frame, taken) {
    const outlines = this.further.size ? this.lines() : [];
    for (const { names, together } of this.further.values()) {
      const wanted = names.filter(({ fromZoom }) => zoom >= fromZoom);
      let placed = this.findRooms(wanted, frame, taken, outlines);
      if (together && placed.length < wanted.length) {
        const one = this.findRooms([together], frame, taken, outlines);
        if (one.length) placed = one;
      }
      for (const name of placed) {
        taken.push(name.box);
        this.group.addLayer(furtherMarker(name));
      }
    }
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
    const { lat, lon, sides, also = [], text, note } = name;
    const width = Math.max(widthOf(text, "further"), note ? widthOf(note, "further") : 0);
    for (const spot of [{ lat, lon, sides }, ...also]) {
      const at = this.map.latLngToContainerPoint([spot.lat, spot.lon]);
      for (const side of spot.sides) {
        const box = boxBeside(at, side, width, note ? 2 * FURTHER_HEIGHT : FURTHER_HEIGHT);
        if (!fits(box, frame, 2) || taken.some((other) => overlap(other, box))) continue;
        if (!lines.some((line) => crosses(line, box))) return { ...name, ...spot, side, box };
      }
    }
    return null;
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
      const half = name.length * 7.5;
      /** @type {Box} */
      const box = [x - half, y - 9, x + half, y + 9];
      if (!fits(box, frame, 4) || taken.some((other) => overlap(other, box))) continue;
      named.add(name);
      this.group.addLayer(nameMarker(region.geometry.coordinates, name, kind));
    }
  }
}
