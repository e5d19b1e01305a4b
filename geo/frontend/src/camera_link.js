/* The camera of a map that somebody moved: written into the page's address, so that a link restores
   it, and sent to the page when the map has come to rest, so that pictures and slides show it. */

import { pageWindow, scriptState } from "./dom.js";

const SETTLED = 250; // ms without a move, before the camera is sent
const PATIENCE = 3000; // ms at most that a run of the page is waited for
const APART = 1000; // ms after another message: of two at once, the page may see the last only
const pathAtStart = window.parent?.location.pathname;
let asked = 0; // when the last other message was sent
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** Send what somebody asked for on the map.
 * @param {MapState} state @param {object} value */
export function ask({ host }, value) {
  asked = Date.now();
  host.send(value);
}

/** Send the camera once no run of the page is under way. A message during a run carries the widgets as
 * they were before it: Streamlit would take them for a change and undo what the run has done.
 * @param {MapState} state @param {string[] | null} camera */
function sendSoon(state, camera, latest = Date.now() + PATIENCE) {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const busy = scriptState(pageWindow()) !== "notRunning" && Date.now() < latest;
    if (Date.now() - asked < APART || busy) sendSoon(state, camera, latest);
    else state.host.send({ camera });
  }, SETTLED);
}

/** Return whether the address was another one.
 * @param {Record<string, string | null>} values null removes a parameter */
function writeAddress(values) {
  const { location, history } = window.parent;
  if (location.pathname !== pathAtStart) return false;
  const address = new URL(location.href);
  for (const [name, text] of Object.entries(values)) {
    if (text === null) address.searchParams.delete(name);
    else address.searchParams.set(name, text);
  }
  const differs = address.search !== location.search;
  if (differs) history.replaceState(history.state, "", address);
  return differs;
}

/** Keep the camera of a map that somebody moved. The address follows the map, never the reverse:
 * a filter changes the address, and the camera stays.
 * @param {MapState} state */
export function keepCamera(state) {
  const { map, moved, following, options } = state;
  if (!moved || following || options.stage) return;
  const [centre, size] = [map.getCenter(), map.getSize()];
  const at = [centre.lat.toFixed(5), centre.lng.toFixed(5), map.getZoom().toFixed(2)].join(",");
  const screen = `${size.x}x${size.y}`;
  if (writeAddress({ at, screen })) sendSoon(state, [at, screen]);
}

/** The map shows the page's own area again.
 * @param {MapState} state */
export function forgetCamera(state) {
  state.moved = false;
  if (writeAddress({ at: null, screen: null })) sendSoon(state, null);
}
