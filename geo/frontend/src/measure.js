/* Measure: a line of points, its legs with distance and bearing. A spherical estimate, marked by
   a sign, stands until our route has answered with the geodesic on WGS 84. No rerun is asked for. */
(() => {
  "use strict";
  const { element, svg, shape } = window.signs;
  const { tools } = window;
  const { asked, oneByOne, fixed, control, button, say, aim } = tools.with;
  const POINTS_AT_MOST = 50;
  const STILL = 5; // pixels that a click may wander without being a drag
  const HELP = "Click to set points, or press Enter for the cross. Backspace takes one back. Escape or a double click ends.";
  const HOW = "Geodesic on WGS 84; bearings true, at each leg's start";
  const FAULT = "The exact figures did not come: ≈ is measured on a sphere.";
  const line = { points: [], exact: [], way: null, fault: false };
  let map = null;
  let parts = null;
  let pressed = null; // where the pointer went down

  const metres = (m) => (Math.round(m) < 1000 ? `${Math.round(m)} m`
    : `${(m / 1000).toLocaleString("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 })} km`);
  const degrees = (b) => (b === null ? "–" : `${String(Math.round(b) % 360).padStart(3, "0")}°`);
  const words = (leg) => `${leg.exact ? "" : "≈ "}${metres(leg.metres)} · ${degrees(leg.bearing)}`;

  /* On a sphere, until the exact figure is there. */
  function estimate(from, to) {
    const [a, b, turn] = [from.lat, to.lat, to.lng - from.lng].map((value) => (value * Math.PI) / 180);
    const y = Math.sin(turn) * Math.cos(b);
    const x = Math.cos(a) * Math.sin(b) - Math.sin(a) * Math.cos(b) * Math.cos(turn);
    const length = map.distance(from, to);
    return { metres: length, bearing: length ? ((Math.atan2(y, x) * 180) / Math.PI + 360) % 360 : null };
  }

  const legs = () => line.points.slice(1).map((to, i) => line.exact[i] || estimate(line.points[i], to));

  function total() {
    const all = legs();
    const sum = all.reduce((before, leg) => before + leg.metres, 0);
    return `${all.every((leg) => leg.exact) ? "" : "≈ "}${metres(sum)}`;
  }

  const measured = () => `Measured: ${total()}`;

  function add(onto) {
    map = onto;
    const pane = map.createPane("measure");
    Object.assign(pane.style, { zIndex: 640, pointerEvents: "none" });
    const toggle = button("measure-button", "", (event) => { if (tools.measuring) { stop(); clear(); } else start(!event.detail); });
    toggle.title = "Measure distance and bearing";
    toggle.setAttribute("aria-label", toggle.title);
    const ruler = svg(18);
    ruler.append(shape("path", {
      d: "M1.500 11l9.500-9.500 3.500 3.500-9.500 9.500zM4 8.500l1.500 1.500M6.500 6l2 2M9 3.500l1.500 1.500", fill: "none", stroke: "currentColor",
    }));
    toggle.append(ruler);
    control("topleft", "leaflet-bar measure-tool").append(toggle);
    const box = control("topright", "measure-box");
    const cross = element("div", "measure-cross");
    map.getContainer().append(cross);
    parts = { toggle, box, cross, drawn: L.layerGroup().addTo(map), ahead: L.layerGroup().addTo(map) };
    document.addEventListener("pointerdown", (event) => { pressed = event; }, true);
    document.addEventListener("click", clicked, true);
    document.addEventListener("dblclick", (event) => { if (taken(event)) stop(); }, true);
    map.getContainer().addEventListener("keydown", keyed, true); // symbols keep keys to themselves
    map.on("mousemove mouseout move", lookAhead);
    mark();
  }

  /* While measuring, whatever is clicked on the map itself is a point of the line, never a pick:
     the click is taken before Leaflet or any symbol hears of it. */
  function taken(event) {
    const onMap = event.target === map.getContainer() || map.getPane("mapPane").contains(event.target);
    if (!tools.measuring || !onMap || event.target.closest(".leaflet-popup")) return false;
    event.stopPropagation();
    event.preventDefault();
    return true;
  }

  function clicked(event) {
    if (!taken(event)) return;
    if (event.detail === 0) set(map.getCenter()); // a symbol that has the focus, pressed by key
    else if (event.detail === 1 && !dragged(event)) set(map.mouseEventToLatLng(event));
  }

  const dragged = (event) => pressed && Math.hypot(event.clientX - pressed.clientX, event.clientY - pressed.clientY) > STILL;

  function keyed(event) {
    pressed = null;
    if (!tools.measuring || event.ctrlKey || event.metaKey || event.altKey || event.target.closest(".leaflet-popup")) return;
    if (event.key === "Enter" && event.target === map.getContainer()) set(map.getCenter());
    else if (event.key === "Backspace") back();
    else if (event.key === "Escape") stop();
    else { lookAhead(); return; }
    event.preventDefault();
  }

  function start(byKey) {
    clear();
    if (byKey) tools.pointer = null;
    tools.measuring = true;
    mark();
    map.getContainer().focus({ preventScroll: true });
    say(`Measuring. ${HELP}`);
  }

  /* What was measured stays until it is cleared, or the next line is begun. */
  function stop() {
    tools.measuring = false;
    if (line.points.length < 2) clear();
    mark();
    say(line.points.length ? measured() : "Measuring ended.");
  }

  function clear() {
    Object.assign(line, { points: [], exact: [], way: null, fault: false });
    mark();
  }

  function mark() {
    parts.toggle.setAttribute("aria-pressed", String(tools.measuring));
    document.body.classList.toggle("measuring", tools.measuring);
    draw();
    lookAhead();
  }

  function set(at) {
    if (line.points.length >= POINTS_AT_MOST) { say(`A line has ${POINTS_AT_MOST} points at most.`); return; }
    line.points = [...line.points, at];
    changed();
  }

  function back() {
    line.points = line.points.slice(0, -1);
    line.exact = line.exact.slice(0, Math.max(line.points.length - 1, 0));
    line.way = null;
    changed();
  }

  function changed() {
    draw();
    lookAhead();
    if (line.points.length > 1) exact(line.points);
    else say(line.points.length ? "First point set." : "No point set.");
  }

  const asText = (points) => points.map((at) => fixed(at, 6)).map(({ lat, lng }) => `p=${lat},${lng}`).join("&");
  const exact = oneByOne((points) => asked(`map/measure?${asText(points)}`), (points, found) => {
    if (points !== line.points) return;
    line.fault = !found;
    if (found) {
      const shift = points[0].lng - found.line[0][1]; // the map may show the world more than once
      line.exact = found.legs.map((leg) => ({ ...leg, exact: true }));
      line.way = found.line.map(([lat, lng]) => [lat, lng + shift]);
    }
    draw();
    say(tools.measuring ? `${words(legs().at(-1))}. Total ${total()}` : measured());
  });

  const inPane = (className) => ({ pane: "measure", interactive: false, fill: false, className });

  function label(at, text, className) {
    const icon = L.divIcon({ html: element("span", `measure-label ${className}`, text), className: "bare", iconSize: [0, 0] });
    return L.marker(at, { icon, pane: "measure", zIndexOffset: 10000, interactive: false, keyboard: false });
  }

  const middle = (a, b) => map.unproject(map.project(a).add(map.project(b)).divideBy(2));

  function draw() {
    const { points, way } = line;
    const shown = way ? [...way, ...points.slice(line.exact.length + 1)] : points;
    parts.drawn.clearLayers();
    for (const className of ["measure-casing", "measure-line"]) parts.drawn.addLayer(L.polyline(shown, { ...inPane(className), smoothFactor: 0 }));
    for (const at of points) parts.drawn.addLayer(L.circleMarker(at, { ...inPane("measure-point"), radius: 4.5, fill: true }));
    legs().forEach((leg, i) => parts.drawn.addLayer(label(middle(points[i], points[i + 1]), words(leg), leg.exact ? "" : "estimate")));
    readout();
  }

  function readout() {
    const { points } = line;
    parts.box.hidden = !tools.measuring && !points.length;
    const list = element("ol", "measure-legs");
    if (points.length > 7) list.tabIndex = 0; // it scrolls
    for (const leg of legs()) list.append(element("li", leg.exact ? "" : "estimate", words(leg)));
    const sum = element("div", "measure-total", points.length > 1 ? `Total ${total()}` : "");
    const note = element("p", "measure-note", points.length < 2 ? HELP : line.fault ? FAULT : HOW);
    const done = button("measure-done", tools.measuring ? "Done" : "Clear", () => {
      if (tools.measuring) stop(); else clear();
      map.getContainer().focus({ preventScroll: true });
    });
    parts.box.replaceChildren(list, sum, note, done);
    list.scrollTop = list.scrollHeight;
  }

  /* From the last point to the pointer, or to the cross while keys are used. */
  function lookAhead() {
    const finger = pressed && pressed.pointerType === "touch"; // it points at nothing between two taps
    parts.cross.hidden = !tools.measuring || finger || Boolean(tools.pointer);
    parts.ahead.clearLayers();
    const from = line.points.at(-1);
    if (!tools.measuring || finger || !from) return;
    const to = aim();
    parts.ahead.addLayer(L.polyline([from, to], inPane("measure-ahead")));
    const side = map.latLngToContainerPoint(to).x > map.getSize().x - 170 ? "beside left" : "beside";
    if (map.distance(from, to) > 0.5) parts.ahead.addLayer(label(to, words(estimate(from, to)), `estimate ${side}`));
  }

  window.measure = { add };
})();
