/* What the map shows of the area: the page's whole area until somebody moves the map, then what that
   person chose. Maps that are locked together show the same. */
import { aimAgain } from "./camera.js";
import { cameraPadding } from "./controls.js";

const PERSON = ["pointerdown", "wheel", "keydown", "touchstart"]; // events of somebody who moves the map

/** @type {string | undefined} the claim or place that was brought into sight last */
let broughtIntoSight;

/** Move the other maps of the page, where maps are locked together; the server is not involved.
 * @param {MapState} state */
export function leadOthers({ map, moved, options, following }) {
  if (!options.lock || following) return;
  for (const frame of /** @type {Window[]} */ (Array.from(/** @type {any} */ (window.parent.frames)))) {
    let other;
    try { other = frame.briefingMap?.state; } catch { continue; }
    if (frame === window || !other?.map || !other.options.lock) continue;
    other.following = true;
    other.moved = moved;
    other.map.setView(map.getCenter(), map.getZoom(), { animate: false });
    other.following = false;
  }
}

/** Show the page's area, or the scene of a stage, in a map of any size, unless somebody moved it.
 * @param {MapState} state */
export function showArea(state) {
  if (state.options.stage) aimAgain(state);
  else if (!state.moved && state.data) {
    state.map.fitBounds(state.options.bounds, { animate: false, ...cameraPadding(state) });
  }
}

/** Notice who moves the map, and keep what it shows when its size changes. @param {MapState} state */
export function followPerson(state) {
  const { map } = state;
  for (const event of PERSON) {
    map.getContainer().addEventListener(event, () => { state.moved = true; }, { capture: true, passive: true });
  }
  map.on("resize", () => showArea(state));
  map.on("move", () => { if (state.moved) leadOthers(state); });
  new ResizeObserver(() => {
    const [centre, zoom] = [map.getCenter(), map.getZoom()];
    map.invalidateSize({ animate: false, pan: false });
    if (state.moved) map.setView(centre, zoom, { animate: false });
  }).observe(map.getContainer());
}

/** Bring a claim that was chosen elsewhere into sight, if it is not already.
 * @param {MapState} state @param {RequestedView} view @param {MapData} data */
export function bringIntoSight(state, { chosen }, { claims, places }) {
  const before = broughtIntoSight;
  broughtIntoSight = chosen;
  if (!chosen || before === chosen) return;
  const claim = claims.features.find((feature) => feature.id === chosen);
  const id = claim ? claim.properties.place : chosen;
  const place = places.features.find((one) => one.id === id);
  if (!place || (claim && !claim.geometry)) return;
  const bounds = L.geoJSON(place).getBounds();
  if (state.map.getBounds().intersects(bounds)) return;
  state.moved = true;
  state.map.flyToBounds(bounds, { duration: 0.6, maxZoom: state.map.getZoom(), ...cameraPadding(state) });
}
