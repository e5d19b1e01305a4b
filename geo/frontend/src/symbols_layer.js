/* The symbols of claims and places as one group, drawn anew for another view or another zoom; from one frame of
   playback to the next, what is the same stays on the map. */
import { addClaims } from "./claims_layer.js";
/** @import { KeptSymbols } from "./kept_symbols.js" */

const LABELS_FROM_ZOOM = 10.5; // from here on, what was seen is listed beside the place

/** @param {L.Map} map */
const isLabelled = (map) => map.getZoom() >= LABELS_FROM_ZOOM;

/** Make the symbols of a window of days, for a frame of playback that may come; the map stays as it is.
 * @param {MapState} state @param {(id: string) => void} pick @param {KeptSymbols} kept @param {ClaimsAnswer} claims of the window
 * @param {{ from: string, to: string }} frame the window */
export function prepareSymbols(state, pick, kept, claims, frame) {
  const data = { .../** @type {MapData} */ (state.data), claims };
  const then = { ...state, data, frame, labels: null };
  addClaims(L.layerGroup(), then, data, { labelled: isLabelled(state.map), rings: false, pick, kept });
}

/** Draw claims and places in place of those before; the symbol with the keyboard's focus keeps it.
 * @param {MapState} state @param {(id: string) => void} pick @param {KeptSymbols} [kept] of the frame before, in playback */
export function drawSymbols(state, pick, kept) {
  const { map, data, requested, options } = state;
  if (!data || !requested) return;
  const fresh = L.layerGroup();
  const rings = (requested.scene || options).scenery.includes("rings");
  addClaims(fresh, state, data, { labelled: isLabelled(map), rings, pick, kept });
  const focused = focusedSymbol();
  if (kept) {
    replaceLayers(state.symbols, fresh);
    kept.turn();
  } else {
    fresh.addTo(map);
    state.symbols.remove();
    state.symbols = fresh;
  }
  if (focused) /** @type {HTMLElement | null} */ (document.querySelector(focused))?.focus({ preventScroll: true });
}

/** Give a group the layers of another one; those of both stay as they are.
 * @param {L.LayerGroup} group @param {L.LayerGroup} fresh */
function replaceLayers(group, fresh) {
  const layers = new Set(fresh.getLayers());
  const before = new Set(group.getLayers());
  for (const layer of layers) if (!before.has(layer)) group.addLayer(layer);
  for (const layer of before) if (!layers.has(layer)) group.removeLayer(layer);
}

/** A selector of the symbol that has the keyboard's focus. */
function focusedSymbol() {
  const active = /** @type {HTMLElement | null} */ (document.activeElement);
  const site = /** @type {HTMLElement | null | undefined} */ (active?.closest(".site"));
  if (!active || !site) return null;
  const place = `.site[data-place="${CSS.escape(site.dataset.place ?? "")}"]`;
  if (active.dataset.claim) return `${place} [data-claim="${CSS.escape(active.dataset.claim)}"]`;
  return `${place} .${active.classList[0]}`;
}
