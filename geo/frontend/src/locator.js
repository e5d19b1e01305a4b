/* The locator: where in the country the map is. It is drawn from the files that the base map has, and
   stands in a corner that is free; where none is, or where the map shows most of it, it is hidden. */
import { arcLines } from "./arc_names.js";
import { config } from "./config.js";
import { element, shape } from "./dom.js";
import { crosses, overlap } from "./label_layout.js";
import { listNames } from "./names.js";
import { outlines } from "./obstacles.js";
/** @import { Box } from "./label_layout.js" */
/** @import { FeatureCollection } from "geojson" */

const SHARE = 0.15; // of the map's width
const [NARROWEST, WIDEST, TINY] = [104, 136, 78]; // pixels wide; the last on a phone
const PHONE = 480; // pixels: a map that is narrower has a tiny one
const MARGIN = 10;
const STEP = 12; // pixels from one place that is tried to the next
const LINE = 13; // pixels of a line of its name
const FINE = 0.6; // pixels: nearer corners of a line are left out
const SMALLEST = 7; // pixels of the mark
const SAYS_NOTHING = 0.5; // share of the locator that the map shows
const ON_OUTLINE = 500;
const GROUND = ["world_land", "land_outer", "land"];
const LINES = ["coast", "coast_outer", "world_coast", "borders", "world_borders"];

/** @typedef {{ x: number, y: number }} Spot */

/** The lines in a geometry of any kind.
 * @param {any} coordinates @returns {number[][][]} */
const linesOf = (coordinates) => (typeof coordinates[0]?.[0] === "number" ? [coordinates] : coordinates.flatMap(linesOf));

/** A path of SVG through spots that are not too near to each other.
 * @param {Spot[]} spots @param {boolean} closed */
export function thinPath(spots, closed) {
  /** @type {Spot[]} */
  const kept = [];
  for (const spot of spots) {
    const last = kept[kept.length - 1];
    if (!last || Math.abs(spot.x - last.x) > FINE || Math.abs(spot.y - last.y) > FINE) kept.push(spot);
  }
  if (kept.length < 2) return "";
  return `M${kept.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}${closed ? "Z" : ""}`;
}

/** Corners of boxes of a size that slide from each corner of a frame along its edges, with what each costs.
 * @param {Spot} frame @param {Spot} size @returns {Array<{ x: number, y: number, cost: number }>} */
export function findPlaces(frame, size) {
  const [right, bottom] = [frame.x - size.x - MARGIN, frame.y - size.y - MARGIN];
  const corners = [[right, MARGIN, -1, 1], [MARGIN, MARGIN, 1, 1], [MARGIN, bottom, 1, -1], [right, bottom, -1, -1]];
  return corners.flatMap(([x, y, across, down], rank) => {
    const found = [{ x, y, cost: 40 * rank }];
    for (let off = STEP; off < Math.max(frame.x, frame.y) / 2; off += STEP) {
      if (off < frame.x / 2) found.push({ x: x + across * off, y, cost: 40 * rank + off });
      if (off < frame.y / 2) found.push({ x, y: y + down * off, cost: 40 * rank + off });
    }
    return found.filter((one) => one.x >= MARGIN && one.y >= MARGIN && one.x <= right && one.y <= bottom);
  });
}

/** @param {Spot} at @param {Spot} size @returns {Box} */
const boxAt = (at, size) => [at.x, at.y, at.x + size.x, at.y + size.y];

export class Locator {
  /** @param {MapState} state @param {Record<string, FeatureCollection<any, any>>} files of the base map */
  constructor(state, files) {
    this.state = state;
    this.files = files;
    this.wanted = state.options.scenery.includes("locator");
    this.node = element("div", "locator");
    this.node.setAttribute("role", "img");
    this.node.setAttribute("aria-label", config.locator.name ? `Where this is in ${config.locator.name}` : "Where this is");
    this.node.hidden = true;
    this.mark = shape("rect", { class: "locator-mark" });
    this.words = "";
    this.scale = 0; // pixels of a world that is one pixel wide
    /** @type {Spot} the upper left corner, on that world */
    this.from = { x: 0, y: 0 };
    /** @type {Spot} */
    this.size = { x: 0, y: 0 };
    state.map.getContainer().append(this.node);
    state.map.on("move resize", () => this.follow());
  }

  /** Pixels in the locator of a position. @param {L.LatLng} at @returns {Spot} */
  spot(at) {
    const { x, y } = L.CRS.EPSG3857.latLngToPoint(at, 0);
    return { x: (x - this.from.x) * this.scale, y: (y - this.from.y) * this.scale };
  }

  /** Draw it anew where its size has changed. */
  draw() {
    const [[south, west], [north, east]] = config.locator.bounds;
    const from = L.CRS.EPSG3857.latLngToPoint(L.latLng(north, west), 0);
    const { x: across, y: down } = L.CRS.EPSG3857.latLngToPoint(L.latLng(south, east), 0).subtract(from);
    const { x: room } = this.state.map.getSize();
    const widest = room < PHONE ? TINY : Math.round(Math.min(WIDEST, Math.max(NARROWEST, SHARE * room)));
    const scale = widest / Math.max(across, down);
    const words = this.names().map(({ text }) => text).join();
    if (scale === this.scale && words === this.words) return;
    [this.scale, this.from, this.words] = [scale, from, words];
    this.size = { x: Math.round(across * scale), y: Math.round(down * scale) };
    const ground = shape("path", { d: this.pathOf(GROUND, true), class: "locator-land" });
    const lines = LINES.map((name) => {
      const kind = name.replace(/^world_|_outer$/, "");
      return shape("path", { d: this.pathOf([name], false), class: `locator-${kind}` });
    });
    const { x: width, y: height } = this.size;
    const sheet = { viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true" };
    this.node.replaceChildren(shape("svg", sheet, ground, ...lines, this.nameOf(), this.mark));
  }

  /** @param {string[]} names of files @param {boolean} closed */
  pathOf(names, closed) {
    const features = names.flatMap((name) => this.files[name]?.features ?? []);
    const parts = features.flatMap(({ geometry }) => linesOf(geometry.coordinates));
    const seen = L.bounds([[0, 0], [this.size.x, this.size.y]]);
    return parts.map((line) => line.map(([lon, lat]) => this.spot(L.latLng(lat, lon))))
      .filter((line) => seen.intersects(L.bounds(line.map(({ x, y }) => L.point(x, y)))))
      .map((line) => thinPath(line, closed)).join("");
  }

  /** The names of the country, as the map has names: its Arabic one is among those of the base map. */
  names() {
    const { name } = config.locator;
    const known = this.files.labels?.features.find(({ properties }) => properties.name === name);
    return name ? listNames({ name, name_ar: known?.properties.name_ar }) : [];
  }

  nameOf() {
    const { at } = config.locator;
    if (!at || this.size.x < NARROWEST) return null;
    const { x, y } = this.spot(L.latLng(at[0], at[1]));
    const lines = this.names();
    const first = y - ((lines.length - 1) * LINE) / 2;
    return shape("g", {}, ...lines.map(({ text, arabic }, i) => (
      shape("text", { x, y: first + i * LINE, class: `locator-name${arabic ? " arabic" : ""}` }, text))));
  }

  /** Move the mark with the camera; one that says nothing hides the locator. */
  follow() {
    if (!this.scale) return true;
    const bounds = this.state.map.getBounds();
    const [from, to] = [this.spot(bounds.getNorthWest()), this.spot(bounds.getSouthEast())];
    const [width, height] = [Math.max(to.x - from.x, SMALLEST), Math.max(to.y - from.y, SMALLEST)];
    const [x, y] = [(from.x + to.x - width) / 2, (from.y + to.y - height) / 2];
    for (const [key, value] of Object.entries({ x, y, width, height })) this.mark.setAttribute(key, value.toFixed(1));
    const outside = x + width < 0 || y + height < 0 || x > this.size.x || y > this.size.y;
    const useful = !outside && width < SAYS_NOTHING * this.size.x && height < SAYS_NOTHING * this.size.y;
    if (!useful) this.node.hidden = true;
    return useful;
  }

  /** Put it where it covers nothing; called before names are laid.
   * @param {Box[]} taken boxes of what is on the map @returns {Box[]} those and its own, if it is shown */
  place(taken) {
    if (!this.wanted) { this.node.hidden = true; return taken; }
    this.draw();
    const place = this.follow() ? this.findPlace(taken) : null;
    this.node.hidden = !place;
    if (!place) return taken;
    Object.assign(this.node.style, { left: `${place.x}px`, top: `${place.y}px` });
    return [...taken, boxAt(place, this.size)];
  }

  /** @param {Box[]} taken @returns {Spot | null} */
  findPlace(taken) {
    const { state, size } = this;
    const lines = [...outlines(state), ...arcLines(state.map, state.labels?.arcs ?? [])];
    const frame = state.map.getSize();
    const tried = findPlaces(frame, size);
    const free = tried.filter((one) => !taken.some((box) => overlap(box, boxAt(one, size))));
    for (const one of free) if (lines.some((line) => crosses(line, boxAt(one, size)))) one.cost += ON_OUTLINE;
    return free.sort((a, b) => a.cost - b.cost)[0] ?? null;
  }
}
