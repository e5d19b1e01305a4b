/* The camera of a map that somebody moved: written into the page's address, so that a link restores
   it, and sent to a page that shows its link when the map has come to rest, so that pictures and slides show it. */

import { pageWindow, scriptState } from "./dom.js";

const SETTLED = 250; // ms without a move, before the camera is sent
const PATIENCE = 3000; // ms at most that a run of the page is waited for
const APART = 1000; // ms after a click or another message: of two at once, the page may see the last only
const pathAtStart = window.parent?.location.pathname;
let asked = 0; // when the last other message was sent
let shared = false; // whether the page shows a link of this map
let known = ""; // the camera that the page knows
let sent = ""; // the camera that was sent since
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** Send what somebody asked for on the map.
 * @param {MapState} state @param {object} value */
export function ask({ host }, value) {
  asked = Date.now();
  host.send(value);
}

/** What the map shows, as the page's link has it: its camera and its size; null for the page's own area.
 * @param {MapState} state */
function describeCamera({ map, moved }) {
  if (!moved) return null;
  const [centre, size] = [map.getCenter(), map.getSize()];
  const at = [centre.lat.toFixed(5), centre.lng.toFixed(5), map.getZoom().toFixed(2)].join(",");
  return [at, `${size.x}x${size.y}`];
}

/** Send the camera once nothing was clicked for a while and no run of the page is under way. A message during
 * a run carries the page and the widgets as they were before it: Streamlit would undo what the run has done.
 * @param {MapState} state */
function sendSoon(state, latest = Date.now() + PATIENCE) {
  clearTimeout(timer);
  if (!shared) return;
  timer = setTimeout(() => {
    const busy = scriptState(pageWindow()) !== "notRunning" && Date.now() < latest;
    const latestAct = Math.max(asked, pageWindow().lastAct ?? 0);
    if (Date.now() - latestAct < APART || busy || !state.painted) { sendSoon(state, latest); return; }
    const camera = describeCamera(state);
    if (String(camera) === known || String(camera) === sent) return;
    sent = String(camera);
    state.host.send({ camera });
  }, SETTLED);
}

/** Follow whether the page shows a link, pictures and slides of this map: only then it is sent the camera.
 * Otherwise the address alone has it, and nothing that somebody clicks meets a message of the map.
 * @param {MapState} state @param {ViewMessage} message */
export function shareCamera(state, message) {
  const { at, screen } = message;
  const before = known;
  known = String(at ? [...at.map((part, place) => part.toFixed(place < 2 ? 5 : 2)), screen?.join("x")] : null);
  if (known !== before) sent = "";
  shared = Boolean(message.shared);
  sendSoon(state);
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
  const camera = describeCamera(state);
  if (!camera || state.following || state.options.stage) return;
  const [at, screen] = camera;
  if (writeAddress({ at, screen })) sendSoon(state);
}

/** The map shows the page's own area again.
 * @param {MapState} state */
export function forgetCamera(state) {
  state.moved = false;
  if (writeAddress({ at: null, screen: null })) sendSoon(state);
}
