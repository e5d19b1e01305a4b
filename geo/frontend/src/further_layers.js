/* The further layers of a view: features, or density tiles with what is in sight. */
import { featuresPath } from "./addresses.js";
import { addFeatures, onCanvas, splitFeatures } from "./feature_layer.js";
import { LargeLayer } from "./large_layer.js";
import { FEW, PointLayer } from "./point_layer.js";

/** @import { FrameSource } from "./frame_source.js" */

/** @typedef {{ fetchCached: FetchJson, pick(id: string): void, failed(error: Error): void, changed(): void }} LayerHandlers */

/** @param {string} name @param {RequestedView} view */
const queryOf = (name, view) => featuresPath(name, view).split("?")[1];

/** What the further layers of a view depend on, as text.
 * @param {RequestedView} view */
export const layersOf = (view) => view.layers.map((name) => featuresPath(name, view)).join(" ");

/** Fetch the tiles in sight of a large layer, which need not wait for its other answer.
 * @param {MapState} state @param {string} name @param {RequestedView} view */
export function fetchTilesAhead(state, name, view) {
  for (const layer of state.largeLayers) if (layer.name === name) layer.fetchAhead(queryOf(name, view));
}

/** @param {MapState} state */
export const tilesPainted = (state) => Promise.all(state.largeLayers.map((layer) => layer.painted));

/** What to say of layers that hold more than can be drawn; empty for none.
 * @param {MapState} state @param {MapData} data */
export function tooMany(state, { layers }) {
  const over = layers.filter((answer) => answer.too_many
    && !state.largeLayers.some((layer) => layer.answer === answer && layer.features));
  const counts = over.map((answer) => answer.too_many?.toLocaleString()).join(", ");
  return over.length ? `${counts} features are too many to draw; come closer, or narrow the dates.` : "";
}

/** Draw the further layers of a view in place of those before.
 * @param {MapState} state @param {RequestedView} view @param {MapData} data @param {LayerHandlers} handlers */
export function paintLayers(state, view, data, { fetchCached, pick, failed, changed }) {
  const { root, fetchJson } = state.host;
  const staged = Boolean(state.options.stage);
  showMany(state);
  const fresh = L.layerGroup();
  const old = state.layers;
  const colours = new Map(data.claims.legend.filter(({ group }) => group === "layer").map(({ key, colour }) => [key, colour]));
  state.largeLayers = [];
  state.layerGroups = new Map();
  view.layers.forEach((name, position) => {
    const answer = data.layers[position];
    const colour = colours.get(name);
    const open = (/** @type {string} */ id) => pick(`${name}/${id}`);
    if (!answer.density && !answer.too_many) {
      const group = L.layerGroup().addTo(fresh);
      addFeatures(group, answer, colour, open, "apart");
      state.layerGroups.set(name, group);
      return;
    }
    const layer = new LargeLayer(answer, {
      name, root, fetchJson, fetchCached, colour, pick: open, query: queryOf(name, view), interactive: !staged, failed, changed,
    });
    state.largeLayers.push(layer);
    fresh.addLayer(layer);
  });
  fresh.addTo(state.map);
  if (state.labels) state.labels.points = staged ? [] : namedPoints(data.layers, view.layers);
  state.layers = fresh;
  /* The old layers stay until the new ones can be seen: nothing flickers. */
  tilesPainted(state).then(() => old.remove());
  if (!state.largeLayers.length) old.remove();
}

/** Put the features of all days in place of those of some, where they are known: each frame shows some of them.
 * @param {MapState} state @param {FrameSource} source @param {LayerHandlers} handlers
 * @returns {Map<string, (mask: Uint8Array) => void>} what shows some, by layer */
export function showFrameLayers(state, source, { pick }) {
  const staged = Boolean(state.options.stage);
  /** @type {Map<string, (mask: Uint8Array) => void>} */
  const filters = new Map();
  for (const [name, answer] of source.layers) {
    const before = state.layerGroups.get(name);
    if (!before) continue;
    const group = L.layerGroup();
    const show = addFeatures(group, answer, source.data.layers[name]?.some?.colour, (id) => pick(`${name}/${id}`), "played");
    state.layers.addLayer(group);
    if (onCanvas(answer)) hideMany(state, before); else state.layers.removeLayer(before);
    state.layerGroups.set(name, group);
    const { points, pointAt } = splitFeatures(answer);
    const few = points.length <= FEW && !staged;
    filters.set(name, (mask) => {
      show(mask);
      if (few) state.labels?.showNames(new Map(points.map(({ id }, at) => [`${name}/${id}`, Boolean(mask[pointAt[at]])])));
    });
  }
  if (state.labels && !staged) {
    state.labels.points = namedPoints([...source.layers.values()], [...source.layers.keys()]);
  }
  return filters;
}

/** Hide a group with many lines and areas: to take each off the map would cost more than a frame has.
 * @param {MapState} state @param {L.LayerGroup} group */
function hideMany({ map }, group) {
  for (const layer of group.getLayers()) if (layer instanceof PointLayer) group.removeLayer(layer);
  map.getPane("shapes")?.remove();
}

/** @param {MapState} state */
function showMany({ map }) {
  const pane = map.getPane("shapes");
  if (pane && !pane.isConnected) map.getPane("mapPane")?.append(pane);
}

/** Points to name on the map: those of layers with few, never on a stage, which has its own words.
 * @param {LayerAnswer[]} layers @param {string[]} names of the layers */
function namedPoints(layers, names) {
  return layers.flatMap((answer, at) => {
    const { points } = splitFeatures(answer);
    return points.length <= FEW ? points.map(({ id, label = "", lat, lon }) => ({ id: `${names[at]}/${id}`, label, lat, lon })) : [];
  });
}
