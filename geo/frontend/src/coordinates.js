/* Coordinates of the pointer and of a point. None of it asks for a rerun: MGRS comes from our own
   route, the rest is arithmetic. */
import { addControl } from "./controls.js";
import { decimalDegrees, degreesMinutesSeconds, mgrsParts, rounded } from "./coordinate_format.js";
import { singleFlight } from "./data_source.js";
import { button, element, mapButton } from "./dom.js";
/** @import { Position } from "./coordinate_format.js" */

const REST = 250; // ms for which the pointer rests before its grid square is asked for
const NO_SPOT = "This is where the map marks the place. The spot of a report within it is not given by its source.";
const MODIFIERS = ["Shift", "Control", "Alt", "Meta"];

/** @type {MapState} set by addCoordinates, before any card can be opened */
let state;
/** @type {HTMLElement} what screen readers read out */
let live;

/** @param {Position} at @returns {Promise<{mgrs?: string, why?: string}>} */
const gridReference = (at) => state.host.fetchJson(`map/grid?lat=${at.lat}&lon=${at.lng}`);

/** A grid reference is one word to copy; its parts are set apart to the eye.
 * @param {HTMLElement} node @param {string} reference */
function showReference(node, reference) {
  node.replaceChildren(...mgrsParts(reference).map((part) => element("span", "grid-part", part)));
}

/** Let screen readers read a text out; the same text twice is read twice. @param {string} text */
export function announce(text) {
  live.textContent = "";
  window.setTimeout(() => { live.textContent = text; }, 50);
}

/** @param {HTMLElement} box @param {L.Point} spot pixels in the map */
function covers(box, { x, y }) {
  const [own, frame] = [box.getBoundingClientRect(), state.map.getContainer().getBoundingClientRect()];
  /** @param {number} at @param {number} from @param {number} to */
  const within = (at, from, to) => at > from - 12 && at < to + 12;
  return within(x + frame.left, own.left, own.right) && within(y + frame.top, own.top, own.bottom);
}

/** The coordinates of the pointer. The box makes way for a pointer that comes under it. */
function addCursorBox() {
  const { map } = state;
  const box = addControl(map, "bottomleft", "cursor-box");
  const [degrees, sexagesimal, mgrs] = ["cursor-dd", "cursor-dms", "cursor-mgrs"].map((name) => element("div", name));
  const wide = window.parent.matchMedia("(min-width: 700px)"); // the screen; the frame may be narrow
  /** @type {L.Point | null} pixels; the map may move under a pointer that rests */
  let spot = null;
  let rest = 0;
  /** @type {Position | null} */
  let at = null;
  box.setAttribute("aria-hidden", "true"); // by keyboard, "c" opens the card
  box.hidden = true;
  box.append(degrees, sexagesimal, mgrs);
  const ask = singleFlight(gridReference, (position, found) => {
    if (position !== at) return;
    if (found?.mgrs) showReference(mgrs, found.mgrs);
    else mgrs.textContent = found ? "no MGRS here" : "MGRS not known just now";
  });
  map.on("mousemove click move", (event) => {
    spot = /** @type {L.LeafletMouseEvent} */ (event).containerPoint || spot;
    box.hidden = !spot || !wide.matches;
    if (!spot || box.hidden) return;
    box.classList.toggle("under", covers(box, spot));
    const now = rounded(map.containerPointToLatLng(spot));
    if (event.type !== "click" && at && now.lat === at.lat && now.lng === at.lng) return;
    at = now;
    degrees.textContent = decimalDegrees(now);
    sexagesimal.textContent = degreesMinutesSeconds(now);
    mgrs.textContent = "MGRS …";
    window.clearTimeout(rest);
    rest = window.setTimeout(() => ask(now), event.type === "click" ? 0 : REST);
  });
  map.on("mouseout", () => { window.clearTimeout(rest); spot = null; at = null; box.hidden = true; });
}

/** Open the card with the coordinates of a point.
 * @param {number} lat @param {number} lon @param {string} [name] of the place, if it is one */
export function openCard(lat, lon, name) {
  const { map } = state;
  const at = rounded({ lat, lng: lon });
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  const rows = element("dl");
  const square = element("span", "card-value", "…");
  const node = element("div", "card-of-point", element("strong", "", name || "Coordinates"), rows);
  node.setAttribute("role", "dialog");
  node.setAttribute("aria-label", name ? `Coordinates of ${name}` : "Coordinates of this point");
  const first = addRow(rows, "Decimal degrees", element("span", "card-value", decimalDegrees(at)));
  addRow(rows, "Degrees, minutes, seconds", element("span", "card-value", degreesMinutesSeconds(at)));
  const last = addRow(rows, "MGRS", square);
  last.disabled = true;
  if (name) node.append(element("p", "card-note", NO_SPOT));
  const popup = createPopup(map);
  const close = () => {
    const inside = node.contains(document.activeElement);
    popup.remove();
    if (inside) (before && before.isConnected && before !== document.body ? before : map.getContainer()).focus();
  };
  node.append(button("card-close", "Close", close));
  node.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); event.stopPropagation(); });
  popup.on("add remove", ({ type }) => map.getContainer().classList.toggle("carded", type === "add"));
  popup.setLatLng([lat, lon]).setContent(node).openOn(map);
  gridReference(at).then((found) => {
    if (found.mgrs) showReference(square, found.mgrs); else square.textContent = found.why ?? "";
    last.disabled = !found.mgrs;
  }).catch(() => { square.textContent = "not known just now"; });
  first.focus({ preventScroll: true });
}

/** @param {L.Map} map */
function createPopup(map) {
  const width = map.getSize().x;
  return L.popup({
    className: "card-popup", closeButton: false, closeOnClick: false,
    minWidth: Math.min(270, width - 50), maxWidth: Math.min(320, width - 50),
    autoPanPaddingTopLeft: [width > 420 ? 54 : 10, 12], autoPanPaddingBottomRight: [10, 12],
  });
}

/** @param {HTMLElement} rows @param {string} label @param {HTMLElement} value
 * @returns {HTMLButtonElement} copies the value */
function addRow(rows, label, value) {
  const copier = button("card-copy", "Copy", () => copy(value, label, copier));
  copier.setAttribute("aria-label", `Copy ${label}`);
  rows.append(element("dt", "", label), element("dd", "card-row", value, copier));
  return copier;
}

/** @param {HTMLElement} value @param {string} label @param {HTMLButtonElement} copier */
async function copy(value, label, copier) {
  const text = value.textContent ?? "";
  let done = true;
  try { await navigator.clipboard.writeText(text); } catch { done = copyBySelection(text, copier); }
  if (!done) window.getSelection()?.selectAllChildren(value);
  announce(done ? `Copied: ${label}` : "Not copied; the text is selected instead.");
  copier.textContent = done ? "Copied" : "Selected";
  window.setTimeout(() => { copier.textContent = "Copy"; }, 2000);
}

/** @param {string} text @param {HTMLElement} focused */
function copyBySelection(text, focused) {
  const area = element("textarea", "unseen");
  area.value = text;
  document.body.append(area);
  area.select();
  let done;
  try { done = document.execCommand("copy"); } catch { done = false; }
  area.remove();
  focused.focus();
  return done;
}

/** The button that opens the card of a place.
 * @param {{ properties: Pick<Place["properties"], "name" | "label_lat" | "label_lon"> }} place */
export const coordinatesButton = ({ properties: { name, label_lat: lat, label_lon: lon } }) =>
  mapButton("place-coordinates", "Coordinates", `Coordinates of ${name}`, () => openCard(lat, lon, name));

/** The point that a key acts on: where the pointer is or, after a key press, the map's centre.
 * @param {MapState} state */
export const aim = ({ map, pointer }) => (pointer ? map.containerPointToLatLng(pointer) : map.getCenter());

/** The pointer leads until a key is pressed, keys until the pointer moves. */
function followPointer() {
  const { map } = state;
  /** @type {L.Point | null} */
  let seen = null;
  map.on("mousemove", ({ containerPoint }) => { // a browser also reports a map that moves under it
    if (!seen || !seen.equals(containerPoint)) state.pointer = containerPoint;
    seen = containerPoint;
  });
  map.on("mouseout", () => { state.pointer = null; });
  map.getContainer().addEventListener("keydown", (event) => {
    const ours = event.target === map.getContainer() && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (ours && event.key.toLowerCase() === "c") {
      const at = aim(state);
      openCard(at.lat, at.lng);
      event.preventDefault();
    } else if (!MODIFIERS.includes(event.key)) state.pointer = null;
  }, true);
  map.on("contextmenu", ({ latlng }) => openCard(latlng.lat, latlng.lng));
}

/** @param {MapState} given */
export function addCoordinates(given) {
  state = given;
  live = element("div", "unseen");
  live.setAttribute("role", "status");
  document.body.append(live);
  followPointer();
  addCursorBox();
}
