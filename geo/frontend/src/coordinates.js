/* Tools: where the pointer is, and what a point is called. None of it asks for a rerun: MGRS
   comes from our own route, the rest is arithmetic. How far it is: measure.js.
   tools.add(map) - tools.coordinates(lat, lon, name) - tools.place(place) - tools.measuring */
(() => {
  "use strict";
  const { element, svg, shape } = window.signs;
  const REST = 250; // ms for which the pointer rests before its grid square is asked for
  const NO_SPOT = "This is where the map marks the place. The spot of a report within it is not given by its source.";
  const root = window.handout ? null : new URL("../../", window.location.href);
  const tools = { measuring: false, pointer: null }; // pixels in the map; null while keys are used
  let map = null;
  let live = null; // what screen readers are told

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
  const fixed = ({ lat, lng }, digits = 5) => ({
    lat: Number(lat.toFixed(digits)), lng: Number(L.Util.wrapNum(lng, [-180, 180], true).toFixed(digits)),
  });
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

  function covers(box, { x, y }) {
    const [own, frame] = [box.getBoundingClientRect(), map.getContainer().getBoundingClientRect()];
    const within = (at, from, to) => at > from - 12 && at < to + 12;
    return within(x + frame.left, own.left, own.right) && within(y + frame.top, own.top, own.bottom);
  }

  /* Where the pointer is. The box gives way to a pointer that comes under it. */
  function cursorBox() {
    const box = control("bottomleft", "cursor-box");
    const lines = ["cursor-dd", "cursor-dms", "cursor-mgrs"].map((name) => element("div", name));
    const wide = window.parent.matchMedia("(min-width: 700px)"); // the screen; the frame may be narrow
    let spot = null; // pixels; the map may move under a pointer that rests
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
    map.on("mousemove click move", (event) => {
      spot = event.containerPoint || spot;
      box.hidden = !spot || !wide.matches;
      if (box.hidden) return;
      box.classList.toggle("under", covers(box, spot));
      const now = fixed(map.containerPointToLatLng(spot));
      if (event.type === "click" || !at || now.lat !== at.lat || now.lng !== at.lng) {
        at = now;
        lines[0].textContent = both(at, decimal);
        lines[1].textContent = both(at, sexagesimal);
        lines[2].textContent = "MGRS …";
        window.clearTimeout(rest);
        rest = window.setTimeout(() => ask(at), event.type === "click" ? 0 : REST);
      }
    });
    map.on("mouseout", () => { window.clearTimeout(rest); spot = null; at = null; box.hidden = true; });
  }

  /* The card of a point. */
  function coordinates(lat, lon, name) {
    const at = fixed({ lat, lng: lon });
    const before = document.activeElement;
    const node = element("div", "card-of-point");
    const rows = element("dl", "");
    const square = element("span", "card-value", "…");
    node.setAttribute("role", "dialog");
    node.setAttribute("aria-label", name ? `Coordinates of ${name}` : "Coordinates of this point");
    node.append(element("strong", "", name || "Coordinates"), rows);
    const row = (label, value) => {
      const copier = button("card-copy", "Copy", () => copy(value, label, copier));
      copier.setAttribute("aria-label", `Copy ${label}`);
      const line = element("dd", "card-row");
      line.append(value, copier);
      rows.append(element("dt", "", label), line);
      return copier;
    };
    const first = row("Decimal degrees", element("span", "card-value", both(at, decimal)));
    row("Degrees, minutes, seconds", element("span", "card-value", both(at, sexagesimal)));
    const last = row("MGRS", square);
    last.disabled = true;
    if (name) node.append(element("p", "card-note", NO_SPOT));
    const room = map.getSize().x;
    const popup = L.popup({
      className: "card-popup", closeButton: false, closeOnClick: false, minWidth: Math.min(270, room - 50), maxWidth: Math.min(320, room - 50),
      autoPanPaddingTopLeft: [room > 420 ? 54 : 10, 12], autoPanPaddingBottomRight: [10, 12],
    });
    const close = () => {
      const inside = node.contains(document.activeElement);
      popup.remove();
      if (inside) (before && before.isConnected && before !== document.body ? before : map.getContainer()).focus();
    };
    node.append(button("card-close", "Close", close));
    node.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); event.stopPropagation(); });
    popup.setLatLng([lat, lon]).setContent(node).openOn(map);
    grid(at).then((found) => {
      if (found.mgrs) gridText(square, found.mgrs); else square.textContent = found.why;
      last.disabled = !found.mgrs;
    }).catch(() => { square.textContent = "not known just now"; });
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

  /* The pointer leads until a key is pressed, keys until the pointer moves. */
  function follow() {
    let seen = null;
    map.on("mousemove", ({ containerPoint }) => { // a browser also reports a map that moves under it
      if (!seen || !seen.equals(containerPoint)) tools.pointer = containerPoint;
      seen = containerPoint;
    });
    map.on("mouseout", () => { tools.pointer = null; });
    map.getContainer().addEventListener("keydown", (event) => {
      const ours = event.target === map.getContainer() && !event.ctrlKey && !event.metaKey && !event.altKey;
      if (ours && event.key.toLowerCase() === "c") {
        const at = aim();
        coordinates(at.lat, at.lng);
        event.preventDefault();
      } else if (!["Shift", "Control", "Alt", "Meta"].includes(event.key)) tools.pointer = null;
    }, true);
    map.on("contextmenu", ({ latlng }) => coordinates(latlng.lat, latlng.lng));
  }

  const aim = () => (tools.pointer ? map.containerPointToLatLng(tools.pointer) : map.getCenter());

  function add(onto) {
    map = onto;
    live = element("div", "unseen");
    live.setAttribute("role", "status");
    document.body.append(live);
    follow();
    cursorBox();
    window.measure.add(map);
  }

  window.tools = Object.assign(tools, { add, coordinates, place, with: { asked, oneByOne, fixed, control, button, say, aim } });
})();
