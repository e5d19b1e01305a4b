/* The offline base map: land, water, borders, names. It is drawn once, when the first camera stands; its
   colours come from the style sheet, so that light and dark need no redrawing. */
import { airfield, drawLocal } from "./airfield.js";
import { config } from "./config.js";
import { shape, svg } from "./dom.js";
import { MapLabels } from "./labels.js";
import { Locator } from "./locator.js";
import { basemapFile, createPanes, inPane, paths } from "./panes.js";
import { addRelief } from "./relief.js";

const HATCH = 7; // pixels from line to line

/** Files with the pane and the class they are drawn in, from the lowest up; config.baseMap names those
 * that the map has.
 * @type {Array<[file: string, pane: string, className: string, stroke: boolean, fill: boolean]>} */
const DRAWN = [
  ["world_land", "land", "land", false, true],
  ["land_outer", "land", "land", false, true],
  ["land", "land", "land", false, true],
  ["harbour_land", "land", "land", false, true],
  ["lakes", "water", "lake", true, true],
  ["lakes_ne", "water", "lake", true, true],
  ["rivers_outer", "water", "river", true, false],
  ["rivers", "water", "river", true, false],
  ["world_coast", "lines", "coast", true, false],
  ["coast_outer", "lines", "coast", true, false],
  ["coast", "lines", "coast", true, false],
  ["harbour_coast", "lines", "coast", true, false],
  ["world_borders", "lines", "border", true, false],
  ["borders", "lines", "border", true, false],
];
const NAMES = ["towns", "labels", "local"];

/** The hatching of approximate areas: one pattern, which style sheets refer to. It is fixed to the
 * ground, so that the same view is the same picture however somebody came to it.
 * @param {L.Map} map */
function addHatching(map) {
  const lines = shape("line", { id: "hatch-lines", x1: 0, y1: 0, x2: 0, y2: HATCH, "stroke-width": 2.4 });
  const pattern = shape("pattern", { id: "hatch", width: HATCH, height: HATCH, patternUnits: "userSpaceOnUse" }, lines);
  document.body.append(svg(0, "0 0 16 16", pattern));
  const fix = () => {
    const { x, y } = map.getPixelOrigin(); // the lines repeat each HATCH pixels across, at 45 degrees
    pattern.setAttribute("patternTransform", `translate(${-(x + y) % (HATCH * Math.SQRT2)}) rotate(45)`);
  };
  map.on("viewreset zoomend moveend", fix);
  fix();
}

/** Without the world around, what is beyond the base map is paper, as in pictures: neither land nor sea.
 * @param {L.Map} map */
function drawKnown(map) {
  if (!config.known) return;
  const [west, south, east, north] = config.known;
  map.getContainer().classList.add("bounded");
  L.rectangle([[south, west], [north, east]], { ...inPane("land"), className: "known", interactive: false }).addTo(map);
}

/** Read the base map and draw its airfield; `state.ground`, land and water, is to be added when the camera stands.
 * @param {MapState} state @returns {Promise<MapLabels>} the names on it */
export async function drawBasemap(state) {
  const { map, options } = state;
  createPanes(map);
  addHatching(map);
  drawKnown(map);
  addRelief(state);
  const extra = options.scenery.filter((name) => config.baseMap.includes(name)); // rings are a layer of the store
  const names = [...DRAWN.map(([name]) => name), ...NAMES, ...extra];
  const files = Object.fromEntries(await Promise.all(
    names.map(async (name) => /** @type {const} */ ([name, await basemapFile(state, name)])),
  ));
  state.ground = L.layerGroup(DRAWN.map(([name, pane, className, stroke, fill]) =>
    paths(files[name], pane, { className, smoothFactor: 0.6, stroke, fill })));
  if (options.stage || options.scenery.includes("locator")) state.locator = new Locator(state, files);
  state.labels = new MapLabels(map, {
    regions: files.labels.features, towns: files.towns.features, wanted: options.towns,
    hideCovered: Boolean(options.stage),
  });
  if (files.airfield) airfield(state, files.airfield);
  if (files.local.features.length) drawLocal(state, files.local, files.airfield);
  return state.labels;
}
