/* Panes of the map, paths in them, and the files of the base map. */
import { config } from "./config.js";
/** @import { FeatureCollection, GeoJsonObject } from "geojson" */

/** Panes with their z-index; those with a number of pixels to draw have no SVG of their own. */
const PANES = {
  land: 210, relief: 215, water: 220, lines: 230, base: 240, density: 300, routes: 410, areas: 420, shapes: 421, cloud: 440,
  names: 560, sites: 620, points: 630,
};
const WITHOUT_SVG = ["relief", "density", "cloud", "names", "sites", "points"];
const WITHOUT_POINTER = ["names", "cloud", "density", "points"];

/** @type {Record<string, L.Renderer>} the renderer of each pane that is drawn as SVG */
const renderers = {};

/** The options of a path in a pane.
 * @param {string} pane */
export const inPane = (pane) => ({ pane, renderer: renderers[pane] });

/** A file of the base map, of which all come in one answer; one that it does not have is empty.
 * @param {MapState} state @param {string} name @returns {Promise<FeatureCollection<any, any>>} */
export const basemapFile = async ({ host }, name) => (config.baseMap.includes(name)
  ? (await host.fetchJson("map/base.json"))[name] : { type: "FeatureCollection", features: [] });

/** A layer of paths in one of the panes.
 * @param {GeoJsonObject} data @param {string} pane @param {L.PolylineOptions} style @param {L.GeoJSONOptions} [more] */
export const paths = (data, pane, style, more) =>
  L.geoJSON(data, /** @type {L.GeoJSONOptions} */ ({ ...inPane(pane), interactive: false, style, ...more }));

/** @param {L.Map} map */
export function createPanes(map) {
  /* Leaflet moves markers by translate3d, which gives each one a layer of the graphics processor; with this flag
     by translate. The map's pane is one layer (map.css): a frame of playback takes 2 ms less. */
  Object.assign(L.Browser, { ie3d: true });
  for (const [name, z] of Object.entries(PANES)) {
    const pane = map.createPane(name);
    pane.style.zIndex = String(z);
    if (!WITHOUT_SVG.includes(name)) renderers[name] = L.svg({ pane: name, padding: 0.5 });
    if (WITHOUT_POINTER.includes(name)) pane.style.pointerEvents = "none";
  }
}
