/* Tools: where the pointer is, what a point is called, how far it is. None of it asks for a rerun:
   MGRS, distances and bearings come from our own routes, the rest is arithmetic.
   tools.add(map) - tools.coordinates(lat, lon, name) - tools.place(place) - tools.measuring */
(() => {
  "use strict";
  const { element, svg, shape } = window.signs;
  const REST = 250; // ms for which the pointer rests before its grid square is asked for
  const POINTS_AT_MOST = 50;
  const NO_SPOT = "This is where the map marks the place. The spot of a report within it is not given by its source.";
  const HELP = "Click to set points, or Enter for the cross. Backspace takes one back; Escape or a double click ends.";
  const root = new URL("../../", window.location.href);
  const tools = { measuring: false };
  let map = null;
  let live = null; // what screen readers are told
  let pointer = null; // where the pointer is on the map, or null while keys are used

  async function asked(path) {
    const answer = await fetch(new URL(path, root));
    const found = await answer.json();
    if (!answer.ok) throw new Error(found.error);
    return found;
  }

  /* One question under way at a time; of those that come meanwhile, the last is asked next. */
  function oneByOne(ask, done) {
    let busy = false;
    let next = null;
    return async function want(what) {
      if (busy) { next = { what }; return; }
      busy = true;
      try { done(what, await ask(what), null); } catch (error) { done(what, null, error); }
      busy = false;
      if (next) { const { what: waiting } = next; next = null; want(waiting); }
    };
  }

  /* Notations: latitude first. A leading sign is a letter; seconds carry over into minutes. */
  const grid = (at) => asked(`map/grid?lat=${at.lat}&lon=${at.lng}`);
  const fixed = ({ lat, lng }) => ({ lat: Number(lat.toFixed(5)), lng: Number(L.Util.wrapNum(lng, [-180, 180], true).toFixed(5)) });
  const both = (at, write) => `${write(at.lat, "NS")}, ${write(at.lng, "EW")}`;
  const decimal = (value, letters) => `${Math.abs(value).toFixed(5)}° ${letters[Number(value < 0)]}`;

  function sexagesimal(value, letters) {
    const all = Math.round(Math.abs(value) * 360000);
    const two = (number, digits = 0) => number.toFixed(digits).padStart(digits ? 5 : 2, "0");
    return `${Math.floor(all / 360000)}° ${two(Math.floor(all / 6000) % 60)}' ${two((all % 6000) / 100, 2)}" ${letters[Number(value < 0)]}`;
  }

  /* A grid reference is one word to copy; its parts stand apart to the eye. */
  function gridText(node, text) {
    const half = (text.length - 5) / 2;
    const ends = [text.length - 2 * half - 2, text.length - 2 * half, text.length - half, text.length];
    node.replaceChildren(...ends.map((end, i) => element("span", "grid-part", text.slice(i ? ends[i - 1] : 0, end))));
  }

  function control(position, className) {
    const node = element("div", className);
    const box = L.control({ position });
    box.onAdd = () => node;
    box.addTo(map);
    L.DomEvent.disableClickPropagation(node);
    L.DomEvent.disableScrollPropagation(node);
    return node;
  }

  function button(className, text, run) {
    const node = element("button", className, text);
    node.type = "button";
    node.addEventListener("click", run);
    return node;
  }

  function say(text) {
    live.textContent = "";
    window.setTimeout(() => { live.textContent = text; }, 50); // the same words twice are said twice
  }

  /* Where the pointer is. */
  function cursorBox() {
    const box = control("bottomleft", "cursor-box");
    const lines = ["cursor-dd", "cursor-dms", "cursor-mgrs"].map((name) => element("div", name));
    let rest = null;
    let at = null;
    box.setAttribute("aria-hidden", "true"); // by keyboard, "c" opens the card
    box.hidden = true;
    box.append(...lines);
    const ask = oneByOne(grid, (what, found) => {
      if (what !== at) return;
      if (found && found.mgrs) gridText(lines[2], found.mgrs);
      else lines[2].textContent = found ? "no MGRS here" : "MGRS not known just now";
    });
    map.on("mousemove click", (event) => {
      const now = fixed(event.latlng);
      if (event.type === "click" || !at || now.lat !== at.lat || now.lng !== at.lng) {
        at = now;
        lines[0].textContent = both(at, decimal);
        lines[1].textContent = both(at, sexagesimal);
        lines[2].textContent = "MGRS …";
        window.clearTimeout(rest);
        rest = window.setTimeout(() => ask(at), event.type === "click" ? 0 : REST);
      }
      box.hidden = false;
    });
    map.on("mouseout", () => { window.clearTimeout(rest); at = null; box.hidden = true; });
  }

  /* The card of a point. */
  function coordinates(lat, lon, name) {
    const at = fixed({ lat, lng: lon });
    const before = document.activeElement;
    const node = element("div", "card-of-point");
    const rows = element("dl", "");
    const grid_ = element("dd", "card-value", "…");
    node.setAttribute("role", "dialog");
    node.setAttribute("aria-label", name ? `Coordinates of ${name}` : "Coordinates of this point");
    node.append(element("strong", "", name || "Coordinates"), rows);
    const row = (label, value) => {
      const copier = button("card-copy", "Copy", () => copy(value, label, copier));
      copier.setAttribute("aria-label", `Copy ${label}`);
      rows.append(element("dt", "", label), value, copier);
      return copier;
    };
    const first = row("Decimal degrees", element("dd", "card-value", both(at, decimal)));
    row("Degrees, minutes, seconds", element("dd", "card-value", both(at, sexagesimal)));
    const last = row("MGRS", grid_);
    last.disabled = true;
    if (name) node.append(element("p", "card-note", NO_SPOT));
    const popup = L.popup({ className: "card-popup", closeButton: false, closeOnClick: false, minWidth: 270, maxWidth: 330, autoPanPadding: [12, 12] });
    const close = () => {
      const inside = node.contains(document.activeElement);
      popup.remove();
      if (inside) (before && before.isConnected && before !== document.body ? before : map.getContainer()).focus();
    };
    node.append(button("card-close", "Close", close));
    node.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); event.stopPropagation(); });
    popup.setLatLng([lat, lon]).setContent(node).openOn(map);
    grid(at).then((found) => {
      if (found.mgrs) gridText(grid_, found.mgrs); else grid_.textContent = found.why;
      last.disabled = !found.mgrs;
    }).catch(() => { grid_.textContent = "not known just now"; }).finally(() => popup.update());
    first.focus({ preventScroll: true });
  }

  async function copy(value, label, copier) {
    const text = value.textContent;
    let done = false;
    try { await navigator.clipboard.writeText(text); done = true; } catch { done = copiedByHand(text, copier); }
    if (!done) window.getSelection().selectAllChildren(value);
    say(done ? `Copied: ${label}` : "Not copied; the text is selected instead.");
    copier.textContent = done ? "Copied" : "Selected";
    window.setTimeout(() => { copier.textContent = "Copy"; }, 2000);
  }

  function copiedByHand(text, copier) {
    const area = element("textarea", "unseen");
    area.value = text;
    document.body.append(area);
    area.select();
    let done = false;
    try { done = document.execCommand("copy"); } catch { done = false; }
    area.remove();
    copier.focus();
    return done;
  }

  function place({ properties: { name, label_lat: lat, label_lon: lon } }) {
    const node = button("place-coordinates", "Coordinates", () => coordinates(lat, lon, name));
    node.setAttribute("aria-label", `Coordinates of ${name}`);
    node.addEventListener("keydown", (event) => event.stopPropagation());
    L.DomEvent.disableClickPropagation(node);
    return node;
  }

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

  const line = { points: [], exact: [], way: null, fault: false };
  let parts = null; // what the measure is drawn with

  function measureTool() {
    map.createPane("measure").style.zIndex = 640;
    map.getPane("measure").style.pointerEvents = "none";
    const home = control("topleft", "leaflet-bar measure-tool");
    const toggle = button("measure-button", "", (event) => { if (tools.measuring) { end(); clear(); } else start(!event.detail); });
    toggle.title = "Measure distance and bearing";
    toggle.setAttribute("aria-label", toggle.title);
    toggle.setAttribute("aria-pressed", "false");
    const ruler = svg(18);
    ruler.append(shape("path", { d: "M1.500 11l9.500-9.500 3.500 3.500-9.500 9.500zM4 8.500l1.500 1.500M6.500 6l2 2M9 3.500l1.500 1.500", fill: "none", stroke: "currentColor" }));
    toggle.append(ruler);
    home.append(toggle);
    const box = control("topleft", "measure-box");
    box.hidden = true;
    const cross = element("div", "measure-cross");
    cross.hidden = true;
    map.getContainer().append(cross);
    parts = { toggle, box, cross, drawn: L.layerGroup().addTo(map), ahead: L.layerGroup().addTo(map) };
    document.addEventListener("click", clicked, true);
    document.addEventListener("dblclick", (event) => { if (taken(event)) end(); }, true);
    map.getContainer().addEventListener("keydown", keyed);
    map.on("mousemove mouseout move", lookAhead);
  }

  /* While measuring, whatever is clicked on the map itself is a point of the line, no report. */
  function taken(event) {
    const container = map.getContainer();
    const onMap = event.target === container || map.getPane("mapPane").contains(event.target);
    if (!tools.measuring || !onMap || event.target.closest(".leaflet-popup")) return false;
    event.stopPropagation();
    event.preventDefault();
    return true;
  }

  function clicked(event) {
    if (!taken(event) || event.detail > 1 || map.dragging.moved() || map.boxZoom.moved()) return;
    set(event.detail ? map.mouseEventToLatLng(event) : map.getCenter()); // 0: pressed by key
  }

  function keyed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    pointer = event.key === "c" ? pointer : null;
    const onMap = event.target === map.getContainer();
    if (event.key === "c" && onMap) {
      const at = pointer || map.getCenter();
      coordinates(at.lat, at.lng);
    } else if (tools.measuring && event.key === "Enter" && onMap) set(map.getCenter());
    else if (tools.measuring && event.key === "Backspace") back();
    else if (tools.measuring && event.key === "Escape") end();
    else { lookAhead(); return; }
    event.preventDefault();
    event.stopPropagation();
  }

  function start(byKey) {
    clear();
    pointer = byKey ? null : pointer;
    tools.measuring = true;
    marked();
    map.getContainer().focus({ preventScroll: true });
    say(`Measuring. ${HELP}`);
  }

  function end() {
    tools.measuring = false;
    if (line.points.length < 2) clear();
    marked();
    say(line.points.length ? `Measured: ${total()}` : "Measuring ended.");
  }

  function clear() {
    Object.assign(line, { points: [], exact: [], way: null, fault: false });
    marked();
  }

  function marked() {
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

  const query = (points) => points.map((at) => `p=${fixed(at).lat},${fixed(at).lng}`).join("&");
  const exact = oneByOne((points) => asked(`map/measure?${query(points)}`), (points, found) => {
    if (points !== line.points) return;
    line.fault = !found;
    if (found) {
      const shift = points[0].lng - found.line[0][1]; // the map may show the world more than once
      line.exact = found.legs.map((leg) => ({ ...leg, exact: true }));
      line.way = found.line.map(([lat, lng]) => [lat, lng + shift]);
    }
    draw();
    say(`${words(legs().at(-1))}. Total ${total()}`);
  });

  const legs = () => line.points.slice(1).map((to, i) => line.exact[i] || estimate(line.points[i], to));

  function total() {
    const all = legs();
    const sum = all.reduce((before, leg) => before + leg.metres, 0);
    return `${all.every((leg) => leg.exact) ? "" : "≈ "}${metres(sum)}`;
  }
