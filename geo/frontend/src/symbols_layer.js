/* The symbols of claims and places as one group, drawn anew for another view or another zoom. */
import { addClaims } from "./claims_layer.js";

const LABELS_FROM_ZOOM = 10.5; // from here on, what was seen is listed beside the place

/** Draw claims and places in place of those before; the symbol with the keyboard's focus keeps it.
 * @param {MapState} state @param {(id: string) => void} pick */
export function drawSymbols(state, pick) {
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
  if (focused) /** @type {HTMLElement | null} */ (document.querySelector(focused))?.focus({ preventScroll: true });
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
