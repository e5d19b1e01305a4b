/* Paths of our routes for a view, and the address of the page around the frame. */
import { config } from "./config.js";

/** @param {string} name */
export const isBuiltin = (name) => config.builtinLayers.includes(name);

/** The path of a layer's features. Places, routes and rings depend on no filter but the state of the evidence.
 * @param {string} name @param {{q?: string, v: string}} view */
export function featuresPath(name, { q, v }) {
  const fixed = config.builtinLayers.indexOf(name) > 0;
  const query = fixed ? [...new URLSearchParams(q)].filter(([key]) => key === "as_of") : null;
  const filters = query ? new URLSearchParams(query).toString() : q;
  return `features/${name}?${filters ? `${filters}&` : ""}v=${v}`;
}

/** A view with the days that its query names.
 * @param {ViewMessage} message @returns {RequestedView} */
export function requestedView(message) {
  const query = new URLSearchParams(message.q);
  return { layers: [], from: query.get("from") ?? undefined, to: query.get("to") ?? undefined, ...message };
}

/** The view that the page's address describes.
 * @param {URLSearchParams} address @param {RequestedView} before
 * @param {MapOptions["places"]} places that the page is about, whatever its address says @returns {RequestedView} */
export function viewOfAddress(address, before, places) {
  const query = new URLSearchParams();
  for (const name of config.filterParameters) {
    const values = name === "place" && places.length ? places : address.getAll(name);
    for (const value of values) if (config.filterDefaults[name] !== value) query.append(name, value);
  }
  return {
    ...before, q: query.toString(), from: address.get("from") ?? undefined, to: address.get("to") ?? undefined,
    layers: address.getAll("layer").filter((name) => !isBuiltin(name)), chosen: address.get("claim") ?? undefined,
  };
}

/** Whether two views look the same on the map.
 * @param {RequestedView} one @param {RequestedView} other */
export const isSameView = (one, other) =>
  one.q === other.q && one.v === other.v && one.chosen === other.chosen && one.from === other.from && one.to === other.to
  && String(one.layers) === String(other.layers) && one.tiles?.url === other.tiles?.url
  && one.names === other.names && JSON.stringify(one.scene) === JSON.stringify(other.scene);

/** Follow the page's address. The page writes its view into it before it draws anything, and our
 * route understands the same parameters: so the map can begin at once. The page's own message, which
 * comes some 50 ms later, then finds its work done. Where a browser does not tell of the address,
 * the map waits for that message.
 * @param {(address: URLSearchParams) => void} changed */
export function followAddress(changed) {
  const page = window.parent;
  const { location, navigation } = page;
  if (!navigation) return;
  const path = location.pathname;
  let position = navigation.currentEntry?.index ?? 0;
  /* A click in the navigation leaves an address without a view, which the page writes out a moment
     later, sometimes as a step of its own. A step back on to it goes one farther. */
  const isPassing = (/** @type {NavigationCurrentEntryChangeEvent} */ event) => {
    const now = navigation.currentEntry?.index ?? 0;
    const back = event.navigationType === "traverse" && now < position;
    position = now;
    return back && now > 0 && location.pathname === path && !location.search;
  };
  const follow = (/** @type {NavigationCurrentEntryChangeEvent} */ event) => {
    if (isPassing(event)) page.history.back();
    else if (location.pathname === path) changed(new URL(location.href).searchParams);
  };
  navigation.addEventListener("currententrychange", follow);
  window.addEventListener("pagehide", () => navigation.removeEventListener("currententrychange", follow));
}
