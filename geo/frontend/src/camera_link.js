/* The camera of a map that somebody moved: written into the page's address, so that a link restores
   it, and sent to a page that shows its link when the map has come to rest, so that pictures and slides show it. */

import { pageWindow, scriptState } from "./dom.js";
import { wrapLongitude } from "./longitudes.js";

const SETTLED = 250; // ms without a move, before the camera is sent
const PATIENCE = 3000; // ms at most that a run of the page is waited for
const APART = 1000; // ms after a click or another message: of two at once, the page may see the last only
const pathAtStart = window.parent?.location.pathname;
let asked = 0; // when the last other message was sent
let shared = false; // whether the page shows a link of this map
let known = ""; // the camera that the page knows, as numbers; empty for its own area
/** The camera that was sent since. @type {string | null} */
let sent = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** Send what somebody asked for on the map.
 * @param {MapState} state @param {object} value */
export function ask({ host }, value) {
  asked = Date.now();
  host.send(value);
}

/** The camera and the size of its map in the page's address; null for the page's own area. */
function readAddress() {
  const { searchParams } = new URL(window.parent.location.href);
  const at = searchParams.get("at");
  return at === null ? null : [at, searchParams.get("screen") ?? ""];
}

/** The numbers of a camera in an address, by which it is compared. @param {string[] | null} camera */
const numbersOf = (camera) => String((camera ?? []).filter(Boolean).flatMap((part) => part.split(/[,x]/).map(Number)));

/** Send the camera once nothing was clicked for a while and no run of the page is under way. A message during
 * a run carries the page and the widgets as they were before it: Streamlit would undo what the run has done.
 * What the address has is sent, so that maps that are locked together send the same.
 * @param {MapState} state */
function sendSoon(state, latest = Date.now() + PATIENCE) {
  clearTimeout(timer);
  if (!shared) return;
  timer = setTimeout(() => {
    if (window.parent.location.pathname !== pathAtStart) return;
    const busy = scriptState(pageWindow()) !== "notRunning" && Date.now() < latest;
    const latestAct = Math.max(asked, pageWindow().lastAct ?? 0);
    if (Date.now() - latestAct < APART || busy) { sendSoon(state, latest); return; }
    const camera = readAddress();
    const numbers = numbersOf(camera);
    if (numbers === known || numbers === sent) return;
    sent = numbers;
    state.host.send({ camera });
  }, SETTLED);
}

/** Follow whether the page shows a link, pictures and slides of this map: only then it is sent the camera.
 * Otherwise the address alone has it, and nothing that somebody clicks meets a message of the map.
 * @param {MapState} state @param {ViewMessage} message */
export function shareCamera(state, message) {
  const before = known;
  const [lat, lng, zoom] = message.at ?? [];
  const at = lng === undefined ? [] : [lat, Number(wrapLongitude(lng).toFixed(5)), zoom];
  known = String([...at, ...(message.screen ?? [])]);
  if (known !== before) sent = null;
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
  const { map, moved, following, options } = state;
  if (!moved || following || options.stage) return;
  const [centre, size] = [map.getCenter(), map.getSize()];
  const at = [centre.lat.toFixed(5), wrapLongitude(centre.lng).toFixed(5), map.getZoom().toFixed(2)].join(",");
  if (writeAddress({ at, screen: `${size.x}x${size.y}` })) sendSoon(state);
}

/** The map shows the page's own area again.
 * @param {MapState} state */
export function forgetCamera(state) {
  if (writeAddress({ at: null, screen: null })) sendSoon(state);
}
