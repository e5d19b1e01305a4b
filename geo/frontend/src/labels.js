/* Names on the map: they thin out by zoom, and none covers another or a symbol. */
import { placeArcNames } from "./arc_names.js";
import { element } from "./dom.js";
import { fits, freeSide, isCovered, overlap } from "./label_layout.js";
/** @import { Feature, Point } from "geojson" */
/** @import { Box, Side } from "./label_layout.js" */

/** @typedef {{ label: string, lat: number, lon: number }} OwnPoint */
/** @typedef {Feature<Point, { name: string, rank: number, population: number, min_zoom: number, side?: Side }>} Town
 * @typedef {Feature<Point, { name: string, kind: string, min_zoom?: number, max_zoom?: number }>} Region */

/** @type {Record<number | string, string>} of towns by rank, as in map.css */
const FONT = { own: "600 13px", 1: "600 15px", 2: "500 14px", 3: "400 13px", 4: "400 12px" };
const FAMILY = '"Source Sans", sans-serif';
const HEIGHT = 16; // pixels of a line
const POINTS_NAMED = 120; // points of further layers
const PAST_SYMBOL = 30; // pixels from a point that is on a place's symbol to its name
const LONGEST = 28; // characters of a point's name

/** @type {CanvasRenderingContext2D | null} */
let ruler = null;

/** @param {string} text @param {number | "own"} rank */
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
    /** @type {import("./arc_names.js").ArcName[]} distances from a place, named before any town */
    this.arcs = [];
    /** @type {() => Box[]} where no name may be */
    this.obstacles = () => [];
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
    for (const { label, side, at } of placeArcNames(this.map, this.arcs, taken, (text) => widthOf(text, 4))) {
      const name = element("div", `town arc-name side-${side}`, element("span", "town-name", label));
      this.group.addLayer(textMarker(at, name));
    }
    for (const town of this.towns) {
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
    this.layRegions(zoom, frame, taken);
  }

  /** Points of further layers: no other name is on one, and each is named where there is room.
   * @param {L.Point} frame @param {Box[]} taken */
  layPoints(frame, taken) {
    const seen = this.points.map((point) => ({ ...point, at: this.map.latLngToContainerPoint([point.lat, point.lon]) }))
      .filter(({ at }) => at.x > 0 && at.y > 0 && at.x < frame.x && at.y < frame.y);
    taken.push(...seen.map(({ at }) => /** @type {Box} */ ([at.x - 5, at.y - 5, at.x + 5, at.y + 5])));
    for (const { label, lat, lon, at } of seen.slice(0, POINTS_NAMED)) {
      const text = label.length > LONGEST ? `${label.slice(0, LONGEST - 1)}…` : label;
      const others = taken.filter(([left, top]) => left !== at.x - 5 || top !== at.y - 5);
      const size = { width: widthOf(text, "own"), height: HEIGHT };
      const near = text && freeSide(at, "right", size, frame, others);
      const free = near || (text && freeSide(at, "right", size, frame, others, PAST_SYMBOL));
      if (!free) continue;
      taken.push(free.box);
      const name = element("div", `town own-point side-${free.side}`, element("span", "town-name", text));
      if (!near) name.style.setProperty("--away", `${PAST_SYMBOL}px`);
      this.group.addLayer(textMarker([lat, lon], name));
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
