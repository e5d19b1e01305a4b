/* What the map shows: the page's whole area until somebody moves the map, then what that person
   chose. Maps that are locked together show the same. On a stage the camera flies from scene to
   scene; where motion is unwelcome, it cuts. */
import { forgetCamera } from "./camera_link.js";
import { cameraPadding } from "./controls.js";

const PERSON = ["pointerdown", "wheel", "keydown", "touchstart"]; // events of somebody who moves the map
const SECONDS = 1.5;
const USUAL = 900; // pixels
const EDGE = 22; // pixels round what a scene shows
/** Options of setView: without a reset, Leaflet moves a map of the same zoom by whole pixels. */
export const EXACTLY = { animate: false, reset: true };
const REDRAWN = 0.7; // levels of zoom after which a flying map is drawn anew
const reducedMotion = window.matchMedia("(prefers-reduced-motion: reduce)");

/** @typedef {RequestedView & { scene: Scene }} SceneView */
/** @typedef {{ center: L.LatLng, zoom: number }} Camera */

/** @type {SceneView | null} */
let target = null;

/** Room for the list of what was reported, beside the place that a scene is about.
 * @param {L.Map} map @param {Scene} scene */
function padding(map, { listed }) {
  const { x: width } = map.getSize();
  const beside = listed && width > 480 ? Math.min(370, 0.52 * width) : EDGE;
  return { topLeft: L.point(listed ? 2 * EDGE : EDGE, EDGE), bottomRight: L.point(beside, EDGE) };
}

/** The camera that shows bounds inside a padding: as map.fitBounds, without moving the map.
 * @param {L.Map} map @param {L.LatLngBounds} bounds @param {{ topLeft: L.Point, bottomRight: L.Point }} room
 * @returns {Camera} */
function cameraOf(map, bounds, { topLeft, bottomRight }) {
  const zoom = map.getBoundsZoom(bounds, false, topLeft.add(bottomRight));
  const offset = bottomRight.subtract(topLeft).divideBy(2);
  const middle = map.project(bounds.getSouthWest(), zoom).add(map.project(bounds.getNorthEast(), zoom)).divideBy(2);
  return { center: map.unproject(middle.add(offset), zoom), zoom };
}

/** A camera was chosen on a map of some size: all that it showed is shown. Where the size is not
 * known, a map that is narrower than usual looks from farther away.
 * @param {L.Map} map @param {SceneView} view @returns {Camera} */
function wantedCamera(map, { at, screen, scene }) {
  if (!at) return cameraOf(map, L.latLngBounds(scene.bounds), padding(map, scene));
  const { x, y } = map.getSize();
  const nearer = screen ? Math.floor(4 * Math.log2(Math.min(x / screen[0], y / screen[1])))
    : Math.round(4 * Math.min(0, Math.log2(x / USUAL)));
  return { center: L.latLng(at[0], at[1]), zoom: at[2] + nearer / 4 };
}

/** @param {L.Map} map @param {Camera} camera */
function fly(map, { center, zoom }) {
  let drawnAt = map.getZoom();
  const redraw = () => { // lines are scaled in flight, and drawn anew before that shows
    if (Math.abs(map.getZoom() - drawnAt) < REDRAWN) return;
    drawnAt = map.getZoom();
    map.fire("viewreset");
  };
  document.body.classList.add("flying");
  map.on("move", redraw);
  map.once("moveend", () => { map.off("move", redraw); document.body.classList.remove("flying"); });
  map.flyTo(center, zoom, { duration: SECONDS });
}

/** @param {L.Map} map @param {SceneView} view @param {boolean} flying */
function aimAt(map, view, flying) {
  map.stop();
  const { center, zoom } = wantedCamera(map, view);
  const off = map.project(center, zoom).distanceTo(map.project(map.getCenter(), zoom));
  if (Math.abs(map.getZoom() - zoom) < 0.01 && off < 1) return;
  if (flying) fly(map, { center, zoom });
  else map.setView(center, zoom, EXACTLY);
}

/** Fly to a scene.
 * @param {MapState} state @param {SceneView} view */
export function flyTo(state, view) {
  const first = !target;
  target = view;
  state.moved = false;
  aimAt(state.map, view, !first && !reducedMotion.matches && !document.hidden);
}

/** The maps of the page that are locked together, this one included, in the order of their frames; else this one alone.
 * @param {MapState} state @returns {MapState[]} */
export function lockedMaps(state) {
  if (!state.options.lock) return [state];
  const found = [];
  for (const frame of /** @type {Window[]} */ (Array.from(/** @type {any} */ (window.parent.frames)))) {
    let other;
    try { other = frame.briefingMap?.state; } catch { continue; }
    if (other?.map && other.options.lock) found.push(other);
  }
  return found;
}

/** Note that somebody moved the map, and with it those locked to it, or that they show the page's own area.
 * @param {MapState} state @param {boolean} moved */
export function setMoved(state, moved) {
  for (const one of lockedMaps(state)) one.moved = moved;
}

/** Move the other maps of the page, where maps are locked together; the server is not involved.
 * @param {MapState} state @param {boolean} [atRest] the movement has ended */
export function leadOthers(state, atRest = false) {
  if (state.following) return;
  for (const other of lockedMaps(state)) {
    if (other === state) continue;
    other.following = true;
    other.moved = state.moved;
    other.map.setView(state.map.getCenter(), state.map.getZoom(), atRest ? EXACTLY : { animate: false });
    other.following = false;
  }
}

/** Show the page's area, or the scene of a stage, in a map of any size, unless somebody moved it.
 * @param {MapState} state */
export function showArea(state) {
  const { map, options, moved, data } = state;
  if (moved) return;
  if (options.stage) { if (target) aimAt(map, target, false); return; }
  if (data) map.fitBounds(options.bounds, { ...EXACTLY, ...cameraPadding(state) });
}

/** Show the page's area again, as on arrival, and keep no camera.
 * @param {MapState} state */
export function goHome(state) {
  const { map, options } = state;
  const room = cameraPadding(state);
  const [first, last] = [L.point(room.paddingTopLeft ?? [0, 0]), L.point(room.paddingBottomRight ?? [0, 0])];
  const { zoom } = cameraOf(map, L.latLngBounds(options.bounds), { topLeft: first, bottomRight: last });
  map.flyToBounds(options.bounds, { duration: 0.6, ...room });
  map.once("moveend", () => {
    if (Math.abs(map.getZoom() - zoom) >= 0.01) return;
    setMoved(state, false);
    forgetCamera(state);
  });
}

/** Notice who moves the map, and keep what it shows when its size changes. @param {MapState} state */
export function followPerson(state) {
  const { map } = state;
  for (const event of PERSON) {
    map.getContainer().addEventListener(event, () => setMoved(state, true), { capture: true, passive: true });
  }
  map.on("resize", () => showArea(state));
  map.on("move", () => { if (state.moved) leadOthers(state); });
  new ResizeObserver(([{ target: { clientWidth, clientHeight } }]) => {
    if (map.getSize().equals([clientWidth, clientHeight])) return; // else Leaflet would round the centre
    const [centre, zoom] = [map.getCenter(), map.getZoom()];
    state.following = state.moved; // the centre between two sizes is nobody's camera
    map.invalidateSize({ animate: false, pan: false });
    state.following = false;
    if (state.moved) map.setView(centre, zoom, EXACTLY);
  }).observe(map.getContainer());
}

/** Bring a claim that was chosen elsewhere into sight, if it is not already.
 * @param {MapState} state @param {RequestedView} view @param {MapData} data */
export function bringIntoSight(state, { chosen }, { claims, places }) {
  if (!chosen || state.painted?.chosen === chosen) return;
  const claim = claims.features.find((feature) => feature.id === chosen.split(",")[0]);
  const id = claim ? claim.properties.place : chosen;
  const place = places.features.find((one) => one.id === id);
  if (!place || (claim && !claim.geometry)) return;
  const bounds = L.geoJSON(place).getBounds();
  if (state.map.getBounds().intersects(bounds)) return;
  state.moved = true;
  state.map.flyToBounds(bounds, { duration: 0.6, maxZoom: state.map.getZoom(), ...cameraPadding(state) });
}
