/* Mounts the constant map once, then shows one view after another on it. A view brings addresses,
   never features; the features are drawn by nodes and textContent only. When a view is painted,
   window.paintedSelection = {token, ids} says so. */
import { followAddress, isBuiltin, isSameView, requestedView, viewOfAddress } from "./addresses.js";
import { setScenery } from "./airfield.js";
import { drawBasemap } from "./basemap.js";
import { EXACTLY, bringIntoSight, flyTo, followPerson, goHome, leadOthers, lockedMaps, showArea } from "./camera.js";
import { ask, forgetCamera, keepCamera, shareCamera } from "./camera_link.js";
import { addControls, drawLegend, followSigns, showComplaint } from "./controls.js";
import { addCoordinates } from "./coordinates.js";
import { ViewData, streamlitHost } from "./data_source.js";
import { splitFeatures } from "./feature_layer.js";
import { fetchTilesAhead, layersOf, paintLayers, tilesPainted, tooMany } from "./further_layers.js";
import { addHistogram, showHistogram } from "./histogram.js";
import { MeasureTool } from "./measure.js";
import { chooseNames } from "./names.js";
import { setTiles } from "./online_tiles.js";
import { outlines } from "./obstacles.js";
import { reportPainted } from "./painted.js";
import { DayPlayback } from "./playback.js";
import { fetchNext } from "./prefetch.js";
import { layOutPlaces, noteAgain } from "./place_layout.js";
import { forgetSizes } from "./place_measure.js";
import { Presenter } from "./presenter.js";
import { mountSpotMap, showSpot } from "./spot_map.js";
import { drawSymbols, prepareSymbols } from "./symbols_layer.js";
/** @import { Box } from "./label_layout.js" */
/** @import { LayerHandlers } from "./further_layers.js" */

const FARTHEST = 2; // zoom of a map whose area is large
const USUAL_FARTHEST = 6;
const FAILED = "The map could not load its data. Reload the page; if it stays, the server is gone.";

/** Of the one map of this frame; its map, host and options are set by `mount`. */
export const state = /** @type {MapState} */ (/** @type {Partial<MapState>} */ ({
  requested: null, painted: null, data: null, labels: null, largeLayers: [], layerGroups: new Map(),
  moved: false, scale: 1, pointer: null, measuring: false, following: false,
}));
/** @type {ViewData} */
let viewData;
/** @type {Presenter | null} */
let presenter = null;
/** @type {DayPlayback | null} */
let playback = null;

let aiming = false; // whether the first camera is being set

/** Make the map. Called once, by the script that folium writes.
 * @param {string} id of the element @param {Partial<MapOptions> & Pick<MapOptions, "page" | "bounds">} given
 * @param {Host} [host] */
export function mount(id, given, host = streamlitHost()) {
  const options = { scenery: [], towns: [], places: [], ...given };
  Object.assign(state, { host, options });
  if (options.spot) return mountSpotMap(id, state);
  viewData = new ViewData(host.fetchJson);
  if (options.stage) presenter = new Presenter(state, {
    show: bring, prefetch: (message) => viewData.prefetch(message), paint: paintFrame,
  });
  const map = L.map(id, {
    zoomControl: false, attributionControl: false, zoomSnap: 0.25, zoomDelta: 0.5, minZoom: FARTHEST, maxZoom: 17,
  });
  state.map = map;
  if (!presenter) {
    addHistogram(map);
    playback = new DayPlayback(state, {
      fetchJson: viewData.fetchJson, layers: layerHandlers(),
      make: (kept, { claims }, [from, to]) => prepareSymbols(state, pick, kept, claims, { from, to }),
      draw: (kept) => { drawSymbols(state, pick, kept); layOutPlaces(state, state.labels?.named); },
      ask: (value) => ask(state, value),
      repaint: () => { if (state.requested) bring(state.requested, true); },
    });
  }
  host.followTheme((theme) => { document.documentElement.dataset.theme = theme; });
  followPerson(state);
  addControls(state, () => goHome(state));
  if (presenter) presenter.start();
  else {
    followAddress((address) => {
      if (!options.lock) showAddress(address);
      if (lockedMaps(state)[0] !== state) return; // two that write the address would answer each other
      if (state.moved) keepCamera(state); else if (state.painted) forgetCamera(state);
    });
    addCoordinates(state);
    new MeasureTool(state);
  }
  limitZoom();
  map.fitBounds(options.bounds, { animate: false });
  state.symbols = L.layerGroup().addTo(map);
  state.layers = L.layerGroup().addTo(map);
  state.ready = drawBasemap(state).then((labels) => {
    state.labels = labels;
    labels.obstacles = (noted) => {
      state.noted = noted;
      state.held = undefined; // all is laid anew since something has another size
      return placeLocator(layOutPlaces(state));
    };
    document.fonts.addEventListener("loadingdone", forgetSizes); // names and lists are laid anew then
    labels.lines = () => outlines(state);
    labels.note = (left) => { state.noted = left; noteAgain(state); };
  });
  state.ready.catch(complain);
  map.on("resize", limitZoom);
  map.on("zoomend", redraw);
  if (!presenter) map.on("resize", redraw); // lists take what room there is
  map.on("moveend", () => { keepCamera(state); leadOthers(state, true); });
  return map;
}

/** @param {Box[]} taken @returns {Box[]} */
const placeLocator = (taken) => state.locator?.place(taken) ?? taken;

/** A map goes as far out as its own area needs, and no farther than is usual where that is less. */
function limitZoom() {
  const { map, options } = state;
  const { x, y } = map.getSize();
  if (x && y) map.setMinZoom(Math.min(USUAL_FARTHEST, Math.max(FARTHEST, map.getBoundsZoom(options.bounds))));
}

/** Show a view. On a stage the person may be a scene ahead of what the page asks for.
 * @param {ViewMessage | SpotMessage} message */
export async function show(message) {
  if ("spot" in message) { showSpot(state, message); return; }
  if (!presenter) shareCamera(state, message);
  if (!presenter || presenter.follows(message)) await bring(message);
}

/** @param {ViewMessage} message @param {boolean} [again] whether it is painted also where it is on the map */
async function bring(message, again = false) {
  const view = requestedView(message);
  const before = state.requested;
  const held = playback?.holds(view);
  state.requested = view;
  if (held) { playback?.touch(); return; }
  playback?.follow(view.play);
  if (!again && before && state.painted === before && isSameView(before, view)) { state.painted = view; return; }
  try {
    const fetched = viewData.all(view);
    /* Tiles are fetched as soon as their layer has answered: at once with it, they would keep it waiting. */
    for (const name of view.layers) {
      const answered = viewData.layer(name, view);
      answered.then(() => { if (state.requested === view) fetchTilesAhead(state, name, view); }).catch(() => {});
    }
    const data = await fetched;
    await state.ready;
    if (state.requested !== view) return; // a later view has overtaken this one
    state.data = data;
    paint(view, data);
    state.painted = view;
    if (!state.options.lock && !presenter) fetchNext(view, before, data, fetchAhead);
  } catch (error) {
    complain(/** @type {Error} */ (error));
  }
}

/** @param {string} name @param {RequestedView} view */
async function fetchAhead(name, view) {
  const answer = await viewData.layer(name, view);
  if (isBuiltin(name)) return;
  splitFeatures(answer);
  fetchTilesAhead(state, name, view);
}

/** What the drawing of further layers needs from here. @returns {LayerHandlers} */
const layerHandlers = () => ({
  fetchCached: viewData.fetchJson, pick, failed: complain,
  changed: () => { if (state.data) showComplaint(tooMany(state, state.data)); },
});

/** @param {URLSearchParams} address */
function showAddress(address) {
  const before = state.requested;
  if (!before) return;
  const view = viewOfAddress(address, before, state.options.places);
  if (!isSameView(before, view)) show(view);
}

/** @param {RequestedView} view @param {MapData} data */
function paint(view, data) {
  const { map } = state;
  Object.assign(state, { frame: undefined, held: undefined }); // of playback
  chooseNames(view.names);
  setTiles(map, view.tiles, redraw);
  if (!state.painted || layersOf(state.painted) !== layersOf(view) || (playback?.ahead && view.layers.length)) {
    paintLayers(state, view, data, layerHandlers());
  }
  if (view.scene) { paintScene(view, view.scene, data); return; }
  if (!state.painted) drawLegend(state, data.claims.legend); // the first camera leaves it its room
  const { days, spans, byDays, undated, heading, explained, coverage } = data.claims;
  const bars = { days, spans, byDays, undated, heading, explained, coverage };
  showHistogram({ ...bars, from: view.from, to: view.to, ...histogramHandlers() });
  if (!state.painted) showFirst(view);
  redraw();
  if (state.painted || !view.at) bringIntoSight(state, view, data);
  showComplaint(tooMany(state, data));
  playback?.arrived(view, data);
  reportWhenPainted(data);
}

/** Show the page's area, or the view's camera, in the size that legend and histogram leave to the map: drawn
 * once and not at each step. Later cameras are the person's own. @param {RequestedView} view */
function showFirst({ at }) {
  const { map, options } = state;
  const before = map.getSize();
  aiming = true;
  if (!options.lock) map.invalidateSize({ animate: false, pan: false }); // others would follow it half-way
  if (map.getSize().equals(before)) showArea(state); // a map of another size has shown it
  if (at) {
    state.moved = true;
    map.setView([at[0], at[1]], at[2], EXACTLY);
  }
  aiming = false;
  state.ground?.addTo(map);
}

/** A scene has its own scenery and camera; its words come with its features, never before.
 * @param {RequestedView} view @param {Scene} scene @param {MapData} data */
function paintScene(view, scene, data) {
  if (state.labels) state.labels.wanted = new Set(scene.towns);
  setScenery(state, scene.scenery);
  redraw();
  showComplaint(tooMany(state, data));
  reportWhenPainted(data);
  flyTo(state, { ...view, scene });
  state.ground?.addTo(state.map);
  presenter?.painted();
}

/** Draw what one window of a scene's days shows. @param {MapData} data */
function paintFrame(data) {
  if (!state.requested) return;
  state.data = data;
  if (data.layers.length) paintLayers(state, state.requested, data, layerHandlers());
  drawSymbols(state, pick);
  layOutPlaces(state, state.labels?.named); // other names stay where they are
}

/** Report a view when it is painted; a large layer is when its tiles are. A later view may come meanwhile.
 * @param {MapData} data */
function reportWhenPainted(data) {
  if (!state.largeLayers.some((layer) => layer.waiting)) { reportPainted(state, data); return; }
  tilesPainted(state).then(() => {
    if (state.data !== data) return;
    reportPainted(state, data);
    presenter?.painted(); // the slide's words come with its map, which is late here
  });
}

/** Draw claims and places anew, for another view or another zoom. */
function redraw() {
  if (!state.data || !state.requested || aiming) return;
  const { legend } = state.data.claims;
  if (!presenter) drawLegend(state, legend, false); // in full, so that lists leave it its room
  drawSymbols(state, pick);
  if (!presenter) followSigns(state, legend);
  state.labels?.lay();
}

/** Mark what was picked at once; the page, which receives the pick, opens the panel.
 * @param {string} id */
function pick(id) {
  if (presenter || !state.requested || playback?.pick(id)) return;
  state.requested = { ...state.requested, chosen: id };
  redraw();
  ask(state, { pick: id });
}

/** What the histogram does with the days that somebody chooses in it. */
const histogramHandlers = () => {
  const days = /** @type {DayPlayback} */ (playback);
  return {
    set: (/** @type {string | null} */ from, /** @type {string | null} */ to, /** @type {string} */ place = "") => days.release(from, to, place),
    touch: () => { days.touch(); },
    drag: (/** @type {[from: string, to: string]} */ window) => days.drag(window),
    cancel: () => days.cancel(),
    bar: state.options.lock ? null : days.bar.node,
  };
};

/** @param {Error} error */
function complain(error) {
  console.warn("map:", error.message);
  if (!state.map) return;
  state.ready.then(() => state.ground?.addTo(state.map), () => {});
  showComplaint(FAILED);
}
