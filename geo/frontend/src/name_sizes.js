/* How large names on the map are, in pixels. */
import { config } from "./config.js";
import { listNames } from "./names.js";
/** @import { Feature, Point } from "geojson" */
/** @import { Side } from "./label_layout.js" */

/** @typedef {Feature<Point, { name: string, name_ar?: string, rank: number, population: number, min_zoom: number, side?: Side }>} Town
 * @typedef {Feature<Point, { name: string, name_ar?: string, kind: string, min_zoom?: number, max_zoom?: number }>} Region */

/** @type {Record<number | string, [weight: number, size: string]>} of towns by rank, as in map.css; sizes of config.type */
const FONT = {
  own: [600, "note"], 1: [600, "label"], 2: [500, "text"], 3: [400, "note"], 4: [400, "small"], further: [600, "small"],
  region: [400, "label"],
};
export const HEIGHT = 16; // pixels of a line

/** @type {CanvasRenderingContext2D | null} */
let ruler = null;

/** @param {number | string} rank */
function fontOf(rank) {
  const [weight, size] = FONT[rank] || FONT[4];
  return `${weight} ${config.type[size]}px "Source Sans", sans-serif`;
}

/** The width of a text in pixels.
 * @param {string} text @param {number | "own" | "further" | "region"} rank */
export function widthOf(text, rank) {
  ruler ??= /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  ruler.font = fontOf(rank);
  return ruler.measureText(text).width;
}

/** Width and height of a town's name, of one line or two.
 * @param {Town["properties"]} town */
export function townSize(town) {
  const lines = listNames(town);
  return { width: Math.max(...lines.map(({ text }) => widthOf(text, town.rank))), height: HEIGHT * lines.length };
}

/** Width and height of a region's name: English is set in wide capitals, Arabic is not.
 * @param {Region["properties"]} region */
export function regionSize(region) {
  const lines = listNames(region);
  const widths = lines.map(({ text, arabic }) => (arabic ? widthOf(text, "region") : text.length * 15));
  return { width: Math.max(...widths), height: 18 * lines.length };
}

/** Resolves when names are measured in their own fonts. */
export const loadFonts = () => Promise.all(Object.keys(FONT).map((rank) => document.fonts.load(fontOf(rank))));
