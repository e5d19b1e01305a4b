/* The offline base map: land, water, borders, names. It is drawn once; its colours come from the
   style sheet, so that light and dark need no redrawing. */
import { config } from "./config.js";
import { shape, svg } from "./dom.js";
import { MapLabels, nameMarker } from "./labels.js";
/** @import { FeatureCollection, GeoJsonObject, Geometry, Point, Polygon } from "geojson" */

/** Panes with their z-index; those with a number of pixels to draw have no SVG of their own. */
const PANES = {
  land: 210, water: 220, lines: 230, base: 240, density: 300, routes: 410, areas: 420, cloud: 440, names: 560,
  sites: 620, points: 630,
};
const WITHOUT_SVG = ["density", "cloud", "names", "sites", "points"];
const WITHOUT_POINTER = ["names", "cloud", "density", "points"];
const HATCH = 7; // pixels from line to line
const RUNWAYS_FROM_ZOOM = 13;
const APRONS_FROM_ZOOM = 15.5;

/** Files with the pane and the class they are drawn in, from the lowest up; config.baseMap names those
 * that the map has.
 * @type {Array<[file: string, pane: string, className: string, stroke: boolean, fill: boolean]>} */
const DRAWN = [
  ["world_land", "land", "land", false, true],
  ["land_outer", "land", "land", false, true],
  ["land", "land", "land", false, true],
  ["lakes", "water", "lake", true, true],
  ["lakes_ne", "water", "lake", true, true],
  ["rivers_outer", "water", "river", true, false],
  ["rivers", "water", "river", true, false],
  ["world_coast", "lines", "coast", true, false],
  ["coast_outer", "lines", "coast", true, false],
  ["coast", "lines", "coast", true, false],
  ["world_borders", "lines", "border", true, false],
  ["borders", "lines", "border", true, false],
];
const NAMES = ["towns", "labels"];

/** @type {Record<string, L.Renderer>} the renderer of each pane that is drawn as SVG */
const renderers = {};

/** A file of the base map; one that it does not have is empty.
 * @param {MapState} state @param {string} name @returns {Promise<FeatureCollection<any, any>>} */
const basemapFile = async ({ host }, name) => (config.baseMap.includes(name)
  ? host.fetchJson(`map/base/${name}.geojson`) : { type: "FeatureCollection", features: [] });

/** A layer of paths in one of the panes.
 * @param {GeoJsonObject} data @param {string} pane @param {L.PolylineOptions} style @param {L.GeoJSONOptions} [more] */
export const paths = (data, pane, style, more) =>
  L.geoJSON(data, /** @type {L.GeoJSONOptions} */ ({ pane, renderer: renderers[pane], interactive: false, style, ...more }));

/** @param {L.Map} map */
function createPanes(map) {
  for (const [name, z] of Object.entries(PANES)) {
    const pane = map.createPane(name);
    pane.style.zIndex = String(z);
    if (!WITHOUT_SVG.includes(name)) renderers[name] = L.svg({ pane: name, padding: 0.5 });
    if (WITHOUT_POINTER.includes(name)) pane.style.pointerEvents = "none";
  }
}

/** Runways and aprons of the air base. Their names come when the map is close.
 * @param {L.Map} map @param {FeatureCollection<Geometry, { kind: string, designator: string, name: string, side?: string }>} data
 * @returns {() => void} removes them */
function airfield(map, data) {
  const style = { className: "runway", smoothFactor: 0.6, stroke: true, fill: true };
  const runways = paths(data, "base", style, { filter: (one) => one.properties.kind === "runway" }).addTo(map);
  const named = L.layerGroup();
  const close = L.layerGroup();
  for (const { geometry, properties: { kind, designator, name, side } } of data.features) {
    if (kind === "runway") {
      const [corners] = /** @type {Polygon} */ (geometry).coordinates;
      const north = corners.reduce((a, b) => (b[1] > a[1] ? b : a));
      named.addLayer(nameMarker(north, designator, `runway-name ${side === "east" ? "east" : "west"}`));
    } else {
      close.addLayer(nameMarker(/** @type {Point} */ (geometry).coordinates, name, "apron"));
    }
  }
  const lay = () => {
    if (map.getZoom() >= RUNWAYS_FROM_ZOOM) named.addTo(map); else named.remove();
    if (map.getZoom() >= APRONS_FROM_ZOOM) close.addTo(map); else close.remove();
  };
  map.on("zoomend", lay);
  lay();
  return () => { map.off("zoomend", lay); [runways, named, close].forEach((layer) => layer.remove()); };
}

/** @type {{wanted: boolean, remove: (() => void) | null}} */
const scenery = { wanted: false, remove: null };

/** Show or remove the scenery that comes and goes with the scenes of a briefing.
 * @param {MapState} state @param {string[]} names */
export async function setScenery(state, names) {
  scenery.wanted = names.includes("airfield");
  if (!scenery.wanted && scenery.remove) { scenery.remove(); scenery.remove = null; }
  if (!scenery.wanted || scenery.remove) return;
  const data = await basemapFile(state, "airfield");
  if (scenery.wanted && !scenery.remove) scenery.remove = airfield(state.map, data);
}

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

/** Draw the base map.
 * @param {MapState} state @returns {Promise<MapLabels>} the names on it */
export async function drawBasemap(state) {
  const { map, options } = state;
  createPanes(map);
  addHatching(map);
  const extra = options.scenery.filter((name) => name !== "rings"); // rings are a layer of the store
  const names = [...DRAWN.map(([name]) => name), ...NAMES, ...extra];
  const files = Object.fromEntries(await Promise.all(
    names.map(async (name) => /** @type {const} */ ([name, await basemapFile(state, name)])),
  ));
  for (const [name, pane, className, stroke, fill] of DRAWN) {
    paths(files[name], pane, { className, smoothFactor: 0.6, stroke, fill }).addTo(map);
  }
  if (files.airfield) airfield(map, files.airfield);
  return new MapLabels(map, {
    regions: files.labels.features, towns: files.towns.features, wanted: options.towns,
    hideCovered: Boolean(options.stage),
  });
}

/** @type {{layer: L.TileLayer, url: string} | null} */
let tiles = null;

/** Show online tiles, which hide the drawn map; without any, the drawn map is there again.
 * @param {L.Map} map @param {TileSource | undefined} source */
export function setTiles(map, source) {
  if (tiles?.url === source?.url) return;
  tiles?.layer.remove();
  tiles = null;
  map.getContainer().classList.toggle("online", Boolean(source));
  if (!source) return;
  const layer = L.tileLayer(source.url, { maxZoom: 19, maxNativeZoom: source.maxZoom, subdomains: "abc" }).addTo(map);
  tiles = { layer, url: source.url };
}
