/* Mounts the constant map once, then shows one view after another on it. A view brings addresses,
   never features; the features are drawn by nodes and textContent only. When a view is painted,
   window.paintedSelection = {token, ids} says so. */
import { featuresPath, followAddress, isBuiltin, isSameView, requestedView, viewOfAddress } from "./addresses.js";
import { drawBasemap, setScenery, setTiles } from "./basemap.js";
import { EXACTLY, bringIntoSight, flyTo, followPerson, goHome, keepInside, leadOthers, lockedMaps, showArea } from "./camera.js";
import { ask, forgetCamera, keepCamera, shareCamera } from "./camera_link.js";
import { addClaims } from "./claims_layer.js";
import { addControls, drawLegend, showAttribution, showComplaint } from "./controls.js";
import { addCoordinates } from "./coordinates.js";
import { ViewData, streamlitHost } from "./data_source.js";
import { addFeatures, splitFeatures } from "./feature_layer.js";
import { addHistogram, drawHistogram } from "./histogram.js";
import { LargeLayer } from "./large_layer.js";
import { MeasureTool } from "./measure.js";
import { obstacles } from "./obstacles.js";
import { FEW } from "./point_layer.js";
import { fetchNext } from "./prefetch.js";
import { Presenter } from "./presenter.js";
import { mountSpotMap, showSpot } from "./spot_map.js";

const IDS_AT_MOST = 1000;
const FARTHEST = 2; // zoom of a map whose area is large
const USUAL_FARTHEST = 6;
const LABELS_FROM_ZOOM = 10.5; // from here on, what was seen is listed beside the place
const FAILED = "The map could not load its data. Reload the page; if it stays, the server is gone.";

/** Of the one map of this frame; its map, host and options are set by `mount`. */
export const state = /** @type {MapState} */ (/** @type {Partial<MapState>} */ ({
  requested: null, painted: null, data: null, labels: null, largeLayers: [],
  moved: false, scale: 1, pointer: null, measuring: false, following: false,
}));
/** @type {ViewData} */
let viewData;
/** @type {Presenter | null} */
let presenter = null;

/** Make the map. Called once, by the script that folium writes.
 * @param {string} id of the element @param {Partial<MapOptions> & Pick<MapOptions, "page" | "bounds">} given
 * @param {Host} [host] */
export function mount(id, given, host = streamlitHost()) {
  const options = { scenery: [], towns: [], places: [], ...given };
  Object.assign(state, { host, options });
  if (options.spot) return mountSpotMap(id, state);
  viewData = new ViewData(host.fetchJson);
  if (options.stage) presenter = new Presenter(state, { show: bring, prefetch: (message) => viewData.prefetch(message) });
  const map = L.map(id, {
    zoomControl: false, attributionControl: false, zoomSnap: 0.25, zoomDelta: 0.5, minZoom: FARTHEST, maxZoom: 17,
  });
  state.map = map;
  if (!presenter) addHistogram(map);
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
    labels.obstacles = () => obstacles(state);
  });
  state.ready.catch(complain);
  map.on("resize", limitZoom);
  map.on("zoomend", redraw);
  if (!presenter) map.on("resize", redraw); // lists take what room there is
  map.on("moveend", () => { keepCamera(state); leadOthers(state, true); });
  return map;
}

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

/** @param {ViewMessage} message */
async function bring(message) {
  const view = requestedView(message);
  const before = state.requested;
  state.requested = view;
  if (before && state.painted === before && isSameView(before, view)) { state.painted = view; return; }
  try {
    const fetched = viewData.all(view);
    /* Tiles are fetched as soon as their layer has answered: at once with it, they would keep it waiting. */
    for (const name of view.layers) {
      viewData.layer(name, view).then(() => { if (state.requested === view) fetchTilesAhead(name, view); }).catch(() => {});
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
  fetchTilesAhead(name, view);
}

/** @param {string} name @param {RequestedView} view */
const queryOf = (name, view) => featuresPath(name, view).split("?")[1];

/** Fetch the tiles in sight of a large layer, which need not wait for its other answer.
 * @param {string} name @param {RequestedView} view */
function fetchTilesAhead(name, view) {
  for (const layer of state.largeLayers) if (layer.name === name) layer.fetchAhead(queryOf(name, view));
}

const tilesPainted = () => Promise.all(state.largeLayers.map((layer) => layer.painted));

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
  setTiles(map, view.tiles);
  showAttribution(view.tiles?.attribution);
  if (!state.painted || layersOf(state.painted) !== layersOf(view)) paintLayers(view, data);
  if (view.scene) { paintScene(view, view.scene, data); return; }
  drawLegend(state, data.claims.legend);
  if (!state.painted) showArea(state);
  redraw();
  bringIntoSight(state, view, data);
  showComplaint(tooMany(data));
  const { days, spans, heading, explained, coverage } = data.claims;
  drawHistogram({ days, spans, heading, explained, coverage, from: view.from, to: view.to, set: setDays });
  if (view.at && !state.painted) { // later cameras are the person's own
    state.moved = true;
    map.setView([view.at[0], view.at[1]], view.at[2], EXACTLY);
  }
  reportWhenPainted(data);
}

/** A scene has its own scenery and camera; its words come with its features, never before.
 * @param {RequestedView} view @param {Scene} scene @param {MapData} data */
function paintScene(view, scene, data) {
  if (state.labels) state.labels.wanted = new Set(scene.towns);
  setScenery(state, scene.scenery);
  redraw();
  showComplaint(tooMany(data));
  reportWhenPainted(data);
  flyTo(state, { ...view, scene });
  presenter?.painted();
}

/** Report a view when it is painted; a large layer is when its tiles are. A later view may come meanwhile.
 * @param {MapData} data */
function reportWhenPainted(data) {
  if (!state.largeLayers.some((layer) => layer.waiting)) { reportPainted(data); return; }
  tilesPainted().then(() => {
    if (state.data !== data) return;
    reportPainted(data);
    presenter?.painted(); // the slide's words come with its map, which is late here
  });
}

/** @param {MapData} data */
function reportPainted({ claims, layers }) {
  const whole = layers.every((layer) => !layer.density && !layer.too_many);
  const ids = [claims, ...layers].flatMap(({ features }) => features.map((feature) => feature.id));
  const { token } = claims; // of what was drawn: the answer names its own selection
  window.paintedSelection = { token, ...(whole && ids.length <= IDS_AT_MOST ? { ids } : {}) };
  state.map.getContainer().dataset.token = token;
}

/** @param {RequestedView} view */
const layersOf = (view) => view.layers.map((name) => featuresPath(name, view)).join(" ");

/** @param {MapData} data */
function tooMany({ layers }) {
  const over = layers.filter((answer) => answer.too_many
    && !state.largeLayers.some((layer) => layer.answer === answer && layer.features));
  const counts = over.map((answer) => answer.too_many?.toLocaleString()).join(", ");
  return over.length ? `${counts} features are too many to draw; come closer, or narrow the dates.` : "";
}

/** Draw claims and places anew, for another view or another zoom. */
function redraw() {
  const { map, data, requested, options } = state;
  if (!data || !requested) return;
  const fresh = L.layerGroup();
  const rings = (requested.scene || options).scenery.includes("rings");
  addClaims(fresh, state, data, { labelled: map.getZoom() >= LABELS_FROM_ZOOM, rings, pick });
  const focused = focusedSymbol();
  fresh.addTo(map);
  state.symbols.remove();
  state.symbols = fresh;
  map.fire("symbols");
  if (presenter) keepInside(state);
  if (focused) /** @type {HTMLElement | null} */ (document.querySelector(focused))?.focus({ preventScroll: true });
  state.labels?.lay();
}

/** A selector of the symbol that has the keyboard's focus, so that it keeps it when drawn anew. */
function focusedSymbol() {
  const active = /** @type {HTMLElement | null} */ (document.activeElement);
  const site = /** @type {HTMLElement | null | undefined} */ (active?.closest(".site"));
  if (!active || !site) return null;
  const place = `.site[data-place="${CSS.escape(site.dataset.place ?? "")}"]`;
  if (active.dataset.claim) return `${place} [data-claim="${CSS.escape(active.dataset.claim)}"]`;
  return `${place} .${active.classList[0]}`;
}

/** @param {RequestedView} view @param {MapData} data */
function paintLayers(view, data) {
  const fresh = L.layerGroup();
  const old = state.layers;
  const { root, fetchJson } = state.host;
  const colours = new Map(data.claims.legend.filter(({ group }) => group === "layer").map(({ key, colour }) => [key, colour]));
  state.largeLayers = [];
  view.layers.forEach((name, position) => {
    const answer = data.layers[position];
    const colour = colours.get(name);
    const open = (/** @type {string} */ id) => pick(`${name}/${id}`);
    if (!answer.density && !answer.too_many) { addFeatures(fresh, answer, colour, open); return; }
    const layer = new LargeLayer(answer, {
      name, root, fetchJson, fetchCached: viewData.fetchJson, colour, pick: open, query: queryOf(name, view),
      interactive: !presenter, failed: complain, changed: () => { if (state.data) showComplaint(tooMany(state.data)); },
    });
    state.largeLayers.push(layer);
    fresh.addLayer(layer);
  });
  fresh.addTo(state.map);
  if (state.labels) state.labels.points = namedPoints(data.layers);
  state.layers = fresh;
  /* The old layers stay until the new ones can be seen: nothing flickers. */
  tilesPainted().then(() => old.remove());
  if (!state.largeLayers.length) old.remove();
}

/** Points to name on the map: those of layers with few, never on a stage, which has its own words.
 * @param {LayerAnswer[]} layers */
function namedPoints(layers) {
  if (presenter) return [];
  return layers.map((answer) => splitFeatures(answer).points).filter((points) => points.length <= FEW).flat()
    .map(({ label = "", lat, lon }) => ({ label, lat, lon }));
}

/** Mark what was picked at once; the page, which receives the pick, opens the panel.
 * @param {string} id */
function pick(id) {
  if (presenter || !state.requested) return;
  state.requested = { ...state.requested, chosen: id };
  redraw();
  ask(state, { pick: id });
}

/** @param {string | null} from @param {string | null} to @param {string} [place] */
function setDays(from, to, place) {
  ask(state, { days: [from, to], ...(place ? { pick: place } : {}) });
}

/** @param {Error} error */
function complain(error) {
  console.warn("map:", error.message);
  if (state.map) showComplaint(FAILED);
}
