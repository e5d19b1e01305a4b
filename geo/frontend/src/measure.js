/* Measure: a line of points, its legs with distance and bearing. A spherical estimate, marked by a
   sign, is shown until our route has answered with the geodesic on WGS 84. No rerun is asked for. */
import { addControl } from "./controls.js";
import { bearingText, metres, rounded, sphericalBearing } from "./coordinate_format.js";
import { aim, announce } from "./coordinates.js";
import { singleFlight } from "./data_source.js";
import { button, closest, element, named, pathIcon } from "./dom.js";
import { textMarker } from "./labels.js";

const POINTS_AT_MOST = 50;
const STILL = 5; // pixels that a click may wander without being a drag
const HELP = "Click to set points, or press Enter for the cross. Backspace takes one back. Escape or a double click ends.";
const HOW = "Geodesic on WGS 84; bearings true, at each leg's start";
const FAULT = "The exact figures did not come: ≈ is measured on a sphere.";
const RULER = "M1.500 11l9.500-9.500 3.500 3.500-9.500 9.500zM4 8.500l1.500 1.500M6.500 6l2 2M9 3.500l1.500 1.500";

/** @typedef {{metres: number, bearing: number | null, exact?: boolean}} Leg
 * @typedef {{legs: Leg[], line: Array<[lat: number, lng: number]>}} Measured */

/** @param {L.LatLngExpression} at @param {string} text @param {string} className */
const label = (at, text, className) =>
  textMarker(at, element("span", `measure-label ${className}`, text), "measure", 10000);

/** @param {string} className */
const inPane = (className) => ({ pane: "measure", interactive: false, fill: false, className });

/** @param {Leg} leg */
const legText = (leg) => `${leg.exact ? "" : "≈ "}${metres(leg.metres)} · ${bearingText(leg.bearing)}`;

export class MeasureTool {
  /** @param {MapState} state */
  constructor(state) {
    this.state = state;
    this.map = state.map;
    /** @type {PointerEvent | null} where the pointer went down */
    this.pressed = null;
    const pane = this.map.createPane("measure");
    Object.assign(pane.style, { zIndex: 640, pointerEvents: "none" });
    this.parts = this.createParts();
    this.askExact = singleFlight(
      (/** @type {L.LatLng[]} */ points) => this.requestExact(points), (points, found) => this.showExact(points, found),
    );
    document.addEventListener("pointerdown", (event) => { this.pressed = event; }, true);
    document.addEventListener("click", (event) => this.clicked(event), true);
    document.addEventListener("dblclick", (event) => { if (this.takes(event)) this.stop(); }, true);
    this.map.getContainer().addEventListener("keydown", (event) => this.keyed(event), true); // before symbols, which stop it
    this.map.on("mousemove mouseout move", () => this.lookAhead());
    this.clear();
  }

  createParts() {
    const toggle = button("measure-button", "", (event) => {
      if (this.state.measuring) { this.stop(); this.clear(); } else this.start(!event.detail);
    });
    named(toggle, "Measure distance and bearing").append(pathIcon(RULER, 18));
    addControl(this.map, "topleft", "leaflet-bar measure-tool").append(toggle);
    const box = addControl(this.map, "topright", "measure-box");
    const cross = element("div", "measure-cross");
    this.map.getContainer().append(cross);
    return { toggle, box, cross, drawn: L.layerGroup().addTo(this.map), ahead: L.layerGroup().addTo(this.map) };
  }

  /** The distance and bearing on a sphere, until the exact figures are there.
   * @param {L.LatLng} from @param {L.LatLng} to @returns {Leg} */
  estimate(from, to) {
    const length = this.map.distance(from, to);
    return { metres: length, bearing: length ? sphericalBearing(from, to) : null };
  }

  legs() {
    return this.points.slice(1).map((to, i) => this.exact[i] || this.estimate(this.points[i], to));
  }

  total() {
    const legs = this.legs();
    const sum = legs.reduce((before, leg) => before + leg.metres, 0);
    return `${legs.every((leg) => leg.exact) ? "" : "≈ "}${metres(sum)}`;
  }

  /** While measuring, what is clicked on the map itself is a point of the line, never a pick: the
   * event is stopped before Leaflet or any symbol receives it.
   * @param {MouseEvent} event */
  takes(event) {
    const target = /** @type {Node} */ (event.target);
    const onMap = target === this.map.getContainer() || this.map.getPane("mapPane")?.contains(target);
    if (!this.state.measuring || !onMap || closest(event, ".leaflet-popup")) return false;
    event.stopPropagation();
    event.preventDefault();
    return true;
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    if (!this.takes(event)) return;
    if (event.detail === 0) this.set(this.map.getCenter()); // a symbol that has the focus, pressed by key
    else if (event.detail === 1 && !this.isDrag(event)) this.set(this.map.mouseEventToLatLng(event));
  }

  /** @param {MouseEvent} event */
  isDrag({ clientX, clientY }) {
    return this.pressed && Math.hypot(clientX - this.pressed.clientX, clientY - this.pressed.clientY) > STILL;
  }

  /** @param {KeyboardEvent} event */
  keyed(event) {
    this.pressed = null;
    const ours = this.state.measuring && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!ours || closest(event, ".leaflet-popup")) return;
    if (event.key === "Enter" && event.target === this.map.getContainer()) this.set(this.map.getCenter());
    else if (event.key === "Backspace") this.takeBack();
    else if (event.key === "Escape") this.stop();
    else { this.lookAhead(); return; }
    event.preventDefault();
  }

  /** @param {boolean} byKey */
  start(byKey) {
    this.clear();
    if (byKey) this.state.pointer = null;
    this.state.measuring = true;
    this.mark();
    this.map.getContainer().focus({ preventScroll: true });
    announce(`Measuring. ${HELP}`);
  }

  /** End measuring. The line stays until it is cleared, or the next one is begun. */
  stop() {
    this.state.measuring = false;
    if (this.points.length < 2) this.clear();
    this.mark();
    announce(this.points.length ? `Measured: ${this.total()}` : "Measuring ended.");
  }

  clear() {
    /** @type {L.LatLng[]} */
    this.points = [];
    /** @type {Leg[]} */
    this.exact = [];
    /** @type {Array<[lat: number, lng: number]> | null} the geodesic line */
    this.way = null;
    this.fault = false;
    this.mark();
  }

  mark() {
    this.parts.toggle.setAttribute("aria-pressed", String(this.state.measuring));
    document.body.classList.toggle("measuring", this.state.measuring);
    this.draw();
    this.lookAhead();
  }

  /** @param {L.LatLng} at */
  set(at) {
    if (this.points.length >= POINTS_AT_MOST) { announce(`A line has ${POINTS_AT_MOST} points at most.`); return; }
    this.points = [...this.points, at];
    this.changed();
  }

  takeBack() {
    this.points = this.points.slice(0, -1);
    this.exact = this.exact.slice(0, Math.max(this.points.length - 1, 0));
    this.way = null;
    this.changed();
  }

  changed() {
    this.draw();
    this.lookAhead();
    if (this.points.length > 1) this.askExact(this.points);
    else announce(this.points.length ? "First point set." : "No point set.");
  }

  /** @param {L.LatLng[]} points @returns {Promise<Measured>} */
  requestExact(points) {
    const query = points.map((at) => rounded(at, 6)).map(({ lat, lng }) => `p=${lat},${lng}`).join("&");
    return this.state.host.fetchJson(`map/measure?${query}`);
  }

  /** @param {L.LatLng[]} points @param {Measured | null} found */
  showExact(points, found) {
    if (points !== this.points) return;
    this.fault = !found;
    if (found) {
      const shift = points[0].lng - found.line[0][1]; // the map may show the world more than once
      this.exact = found.legs.map((leg) => ({ ...leg, exact: true }));
      this.way = found.line.map(([lat, lng]) => [lat, lng + shift]);
    }
    this.draw();
    const last = this.legs()[points.length - 2];
    announce(this.state.measuring ? `${legText(last)}. Total ${this.total()}` : `Measured: ${this.total()}`);
  }

  draw() {
    const { points, way, map, parts } = this;
    const shown = way ? [...way, ...points.slice(this.exact.length + 1)] : points;
    parts.drawn.clearLayers();
    for (const className of ["measure-casing", "measure-line"]) {
      parts.drawn.addLayer(L.polyline(shown, { ...inPane(className), smoothFactor: 0 }));
    }
    for (const at of points) parts.drawn.addLayer(L.circleMarker(at, { ...inPane("measure-point"), radius: 4.5, fill: true }));
    this.legs().forEach((leg, i) => {
      const middle = map.unproject(map.project(points[i]).add(map.project(points[i + 1])).divideBy(2));
      parts.drawn.addLayer(label(middle, legText(leg), leg.exact ? "" : "estimate"));
    });
    this.readOut();
  }

  readOut() {
    const { points, parts, state } = this;
    parts.box.hidden = !state.measuring && !points.length;
    const list = element("ol", "measure-legs");
    if (points.length > 7) list.tabIndex = 0; // it scrolls
    for (const leg of this.legs()) list.append(element("li", leg.exact ? "" : "estimate", legText(leg)));
    const sum = element("div", "measure-total", points.length > 1 ? `Total ${this.total()}` : "");
    const note = element("p", "measure-note", points.length < 2 ? HELP : this.fault ? FAULT : HOW);
    const done = button("measure-done", state.measuring ? "Done" : "Clear", () => {
      if (state.measuring) this.stop(); else this.clear();
      this.map.getContainer().focus({ preventScroll: true });
    });
    parts.box.replaceChildren(list, sum, note, done);
    list.scrollTop = list.scrollHeight;
  }

  /** Draw from the last point to the pointer, or to the cross while keys are used. */
  lookAhead() {
    const { map, parts, state } = this;
    const finger = this.pressed?.pointerType === "touch"; // it points at nothing between two taps
    parts.cross.hidden = !state.measuring || finger || Boolean(state.pointer);
    parts.ahead.clearLayers();
    const from = this.points.at(-1);
    if (!state.measuring || finger || !from) return;
    const to = aim(state);
    parts.ahead.addLayer(L.polyline([from, to], inPane("measure-ahead")));
    const side = map.latLngToContainerPoint(to).x > map.getSize().x - 170 ? "beside left" : "beside";
    if (map.distance(from, to) > 0.5) parts.ahead.addLayer(label(to, legText(this.estimate(from, to)), `estimate ${side}`));
  }
}
