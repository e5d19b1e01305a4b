/* How claims, places and routes are drawn. Claims that share a place share a symbol: nothing is
   scattered to make room, since the source gives no spot inside the place. */
(() => {
  "use strict";
  const { element, ring, evidence, stance: stanceSign, svg, shape } = window.signs;
  const ROUTE = "convoy-damascus-homs";
  const LINE = 26; // pixels of one line of a place's list
  const SHORT = { [ROUTE]: "Convoy, northbound" };
  const SITE_SIDE = { khmeimim: "left", tartus: "right", "tartus-offshore": "left", [ROUTE]: "right" };

  const groupBy = (items, key) => {
    const groups = new Map();
    for (const item of items) {
      const name = key(item);
      if (!groups.has(name)) groups.set(name, []);
      groups.get(name).push(item);
    }
    return groups;
  };

  function all(into, board, options) {
    const { data, wanted } = board;
    const drawn = data.claims.features.filter((f) => f.geometry);
    const groups = groupBy(drawn, (f) => f.properties.place);
    const seen = new Set(drawn.map((f) => f.properties.place));
    if (options.rings) rings(into, data.rings);
    if (seen.has(ROUTE)) routes(into, data.routes);
    const places = new Map(data.places.features.map((f) => [f.id, f]));
    for (const place of places.values()) {
      if (!seen.has(place.id) && place.id !== ROUTE && place.properties.location_class !== "area") {
        outline(into, place, "quiet");
        site(into, place, [], options);
      }
    }
    const chosen = data.claims.features.find((f) => f.id === wanted.chosen);
    const open = chosen ? chosen.properties.place : wanted.chosen;
    for (const [id, claims] of [...groups].sort()) {
      const place = places.get(id);
      if (!place) continue;
      if (place.id !== ROUTE) {
        for (const [kind, some] of groupBy(claims, (f) => f.properties.location_class)) {
          outline(into, { ...place, geometry: some[0].geometry }, kind, some, options, open === place.id);
        }
      }
      site(into, place, claims, { ...options, symbols: board.symbols, open: open === place.id, chosen: wanted.chosen });
    }
  }

  function outline(into, place, kind, claims = [], options = {}, open = false) {
    const strength = claims.length ? Math.max(...claims.map((f) => opacity(f))) : 0.5;
    const layer = L.geoJSON(place, {
      pane: "areas", renderer: window.baseMap.renderers.areas, interactive: Boolean(claims.length),
      style: { className: `place place-${kind}${open ? " open" : ""}`, opacity: strength, fillOpacity: strength },
    });
    if (claims.length) {
      layer.on("click", (event) => { L.DomEvent.stopPropagation(event); options.pick(place.id); });
      layer.bindTooltip(() => tip(place, claims), { className: "board-tip", sticky: true, direction: "top" });
    }
    into.addLayer(layer);
  }

  const opacity = (feature) =>
    (window.board.symbols.certainty[feature.properties.certainty] || { opacity: 0.5 }).opacity;

  function tip(place, claims) {
    const node = element("div", "tip");
    node.append(element("strong", "", place.properties.name));
    node.append(element("span", "tip-when", `${claims.length} ${claims.length === 1 ? "report" : "reports"}`));
    for (const [when, some] of [...groupBy(claims, (f) => f.properties.when)].slice(0, 4)) {
      const about = [...new Set(some.flatMap((f) => f.properties.systems.length ? f.properties.systems : [f.properties.subject]))];
      node.append(element("span", "tip-line", `${when}: ${about.slice(0, 5).join(", ")}${about.length > 5 ? " …" : ""}`));
    }
    if (place.properties.drawn_note) node.append(element("em", "tip-note", place.properties.drawn_note));
    return node;
  }

  /* Where a place's symbol and name stand. From afar at the place's own point; close by at the
     edge of what is outlined, since nothing is known of the spot inside it. */
  function anchor(place, close) {
    const { label_lon: lon, label_lat: lat, location_class: kind } = place.properties;
    if (!close || place.id === ROUTE || !place.geometry) return { at: [lat, lon], side: SITE_SIDE[place.id] || "right" };
    const corners = place.geometry.coordinates.flat(place.geometry.type === "Polygon" ? 1 : 2);
    const north = Math.max(...corners.map((c) => c[1]));
    if (kind === "area") return { at: [north, corners.find((c) => c[1] === north)[0]], side: "left" };
    return { at: [north, Math.max(...corners.map((c) => c[0]))], side: "right" };
  }

  function site(into, place, claims, options) {
    const { name, location_class: kind } = place.properties;
    const { at, side } = anchor(place, options.labelled);
    const area = kind === "area";
    const node = element("div", `site side-${side}${options.open ? " open" : ""}${options.labelled ? " close" : ""}`);
    node.dataset.place = place.id;
    if (area && !options.labelled) node.append(leader(node));
    if (claims.length) node.append(badge(place, claims, options));
    else node.append(element("i", "site-dot"));
    const text = element("div", "site-text");
    text.append(element("span", area ? "site-name area-name" : "site-name", SHORT[place.id] || name));
    if (area) text.append(element("span", "site-note", "area approximate"));
    if (options.open || (options.labelled && !area)) text.append(window.tools.place(place));
    if (claims.length && options.labelled && place.id !== ROUTE && !area) text.append(list(claims, options));
    node.append(text);
    into.addLayer(L.marker(at, {
      icon: L.divIcon({ html: node, className: "bare", iconSize: [0, 0] }),
      pane: "sites", keyboard: false, interactive: false,
    }));
  }

  /* Where an area is too small for its own symbol, the symbol stands off on a line. */
  function leader(node) {
    const [x, y] = window.innerWidth < 700 ? [-60, 62] : [-74, 46];
    node.style.transform = `translate(${x}px, ${y}px)`;
    const line = svg(1, "0 0 1 1");
    line.classList.add("leader");
    line.append(shape("line", { x1: 0, y1: 0, x2: -x, y2: -y }));
    return line;
  }

  function badge(place, claims, options) {
    const byStance = groupBy(claims, (f) => f.properties.stance);
    const parts = Object.keys(options.symbols.stance).filter((name) => byStance.has(name)).map((name) => ({
      stance: name, count: byStance.get(name).length,
      opacity: Math.max(...byStance.get(name).map(opacity)),
    }));
    const button = element("button", "badge");
    button.type = "button";
    button.append(ring(parts, claims.length, 44));
    if (claims.some((f) => f.properties.conflict)) button.append(element("span", "conflict-mark", "≠"));
    button.setAttribute("aria-label", `${place.properties.name}: ${claims.length} reports; open them`);
    act(button, () => options.pick(place.id));
    button.addEventListener("mouseenter", () => hint(button, tip(place, claims)));
    button.addEventListener("focus", () => hint(button, tip(place, claims)));
    for (const leave of ["mouseleave", "blur"]) button.addEventListener(leave, () => hint(null));
    return button;
  }

  function act(button, run) {
    L.DomEvent.disableClickPropagation(button);
    button.addEventListener("click", run);
    button.addEventListener("keydown", (event) => event.stopPropagation());
  }

  /* One tooltip for what is HTML already; it stays inside the frame. */
  let bubble = null;
  function hint(button, content) {
    if (bubble) bubble.remove();
    bubble = null;
    if (!button) return;
    bubble = element("div", "board-tip floating");
    bubble.append(content);
    document.body.append(bubble);
    const at = button.getBoundingClientRect();
    const own = bubble.getBoundingClientRect();
    const left = Math.min(Math.max(8, at.left + at.width / 2 - own.width / 2), window.innerWidth - own.width - 8);
    const top = at.top - own.height - 8 < 4 ? at.bottom + 8 : at.top - own.height - 8;
    bubble.style.left = `${left}px`;
    bubble.style.top = `${top}px`;
  }

  /* What was reported within the place, one line a system: a list, since no spot is given. */
  function list(claims, options) {
    const box = element("div", "fan");
    const lines = [];
    for (const claim of claims) {
      const { systems, state, count, subject } = claim.properties;
      for (const system of systems.length ? systems : []) lines.push({ claim, system, state, count });
      if (!systems.length && state) lines.push({ claim, system: subject, state, count });
    }
    const groups = [...groupBy(lines, (line) => line.system)];
    const free = window.board.map.getSize().y - window.furniture.room().height - 172;
    const most = Math.max(5, Math.floor(free / LINE));
    for (const [system, some] of groups.slice(0, most)) box.append(line(system, some, options));
    const rest = groups.length - most;
    if (rest > 0) box.append(element("span", "fan-more", window.board.config.stage ? `and ${rest} more` : `and ${rest} more in the table`));
    return box;
  }

  function line(system, some, options) {
    const first = some.find((entry) => entry.claim.id === options.chosen) || some[0];
    const { stance, evidence: kind } = first.claim.properties;
    const button = element("button", `fan-line stance-${stance}${first.claim.id === options.chosen ? " chosen" : ""}`);
    button.type = "button";
    button.dataset.claim = first.claim.id;
    button.style.setProperty("--strength", Math.max(...some.map((entry) => opacity(entry.claim))));
    button.append(stanceSign(options.symbols.stance[stance].mark), element("b", "", system));
    const counted = [...new Set(some.map((entry) => entry.count).filter(Boolean))];
    if (counted.length === 1) button.append(element("span", "fan-count", counted[0]));
    const states = [...new Set(some.map((entry) => entry.state).filter(Boolean))];
    if (states.length) button.append(element("span", "fan-state", states[0]));
    if (some.length > 1) button.append(element("span", "fan-reports", `${some.length} reports`));
    button.append(evidence(options.symbols.sign[kind], 15));
    act(button, () => options.pick(first.claim.id));
    return button;
  }

  function routes(into, data) {
    for (const feature of data.features) {
      const weak = feature.properties.inference !== "inferred";
      for (const layerClass of weak ? ["route-weak"] : ["route-casing", "route"]) {
        const layer = L.geoJSON(feature, {
          pane: "routes", renderer: window.baseMap.renderers.routes, interactive: layerClass !== "route-casing",
          style: { className: layerClass, fill: false },
        });
        if (layerClass !== "route-casing") {
          layer.bindTooltip(() => routeTip(feature, weak), { className: "board-tip", sticky: true });
        }
        into.addLayer(layer);
      }
    }
  }

  function routeTip(feature, weak) {
    const node = element("div", "tip");
    node.append(element("strong", "", feature.properties.name));
    node.append(element("span", "tip-when", `${feature.properties.length_km.toFixed(0)} km as drawn`));
    node.append(element("em", "tip-note", weak
      ? "Onward leg: no source names it; a weaker inference"
      : "The sources name both ends; the road between is inferred"));
    return node;
  }

  function rings(into, data) {
    for (const feature of data.features) {
      const { radius_km: km, label_lon: lon, label_lat: lat } = feature.properties;
      into.addLayer(L.geoJSON(feature, {
        pane: "base", renderer: window.baseMap.renderers.base, interactive: false,
        style: { className: "ring", fill: false },
      }));
      into.addLayer(L.marker([lat, lon], {
        icon: L.divIcon({ html: element("span", "ring-name", `${km} km`), className: "bare", iconSize: [0, 0] }),
        pane: "names", interactive: false, keyboard: false,
      }));
    }
  }

  const sorted = new WeakMap();

  /* The points and the other shapes of an answer; worked out once, ahead where it is fetched ahead. */
  function parts(data) {
    if (!sorted.has(data)) {
      const points = [];
      const shapes = [];
      for (const feature of data.features) {
        if (!feature.geometry) continue;
        if (feature.geometry.type === "Point") {
          const [lon, lat] = feature.geometry.coordinates;
          points.push({ id: feature.id, lat, lon, ...feature.properties });
        } else shapes.push(feature);
      }
      sorted.set(data, { points, shapes });
    }
    return sorted.get(data);
  }

  /* A further layer: points as one cloud, lines and areas as paths. */
  function layer(into, data, colour, pick) {
    const { points, shapes } = parts(data);
    if (shapes.length) {
      into.addLayer(L.geoJSON({ type: "FeatureCollection", features: shapes }, {
        pane: "areas", renderer: window.baseMap.renderers.areas,
        style: { className: "layer-shape", color: colour, fillColor: colour, weight: 2, fillOpacity: 0.15 },
        onEachFeature: (feature, path) => {
          path.on("click", () => pick(feature.id));
          path.bindTooltip(() => layerTip(feature), { className: "board-tip", sticky: true });
        },
      }));
    }
    if (points.length) into.addLayer(new window.PointCloud(points, { colour }).on("pick", (event) => pick(event.id)));
  }

  function layerTip(feature) {
    const node = element("div", "tip");
    node.append(element("strong", "", feature.properties.label || feature.id));
    if (feature.properties.when) node.append(element("span", "tip-when", feature.properties.when));
    return node;
  }

  /* A name that would run off the map, or under its buttons, stands at its symbol's other side. */
  function turn(map) {
    if (window.board.config.stage) return;
    const frame = map.getContainer().getBoundingClientRect();
    const inside = (box) => box.left >= frame.left + 2 && box.right <= frame.right - 2;
    const apart = (one, other) => one.right <= other.left || one.left >= other.right
      || one.bottom <= other.top || one.top >= other.bottom;
    const sites = [...document.querySelectorAll(".site")];
    const fixed = [...document.querySelectorAll(".leaflet-bar")].map((node) => node.getBoundingClientRect());
    for (const node of sites) {
      const name = node.querySelector(".site-name");
      if (!node.dataset.side) node.dataset.side = node.classList.contains("side-left") ? "left" : "right";
      const put = (side) => { node.classList.toggle("side-left", side === "left"); node.classList.toggle("side-right", side === "right"); };
      const others = sites.filter((other) => other !== node)
        .map((other) => (other.querySelector(".badge") || other).getBoundingClientRect());
      const fits = () => {
        const range = document.createRange();
        range.selectNodeContents(name);
        const box = range.getBoundingClientRect();
        return inside(box) && [...fixed, ...others].every((other) => apart(box, other));
      };
      put(node.dataset.side);
      if (!name.offsetWidth || fits()) continue;
      put(node.dataset.side === "left" ? "right" : "left");
      if (!fits()) put(node.dataset.side);
    }
  }

  /* Where names must not be laid, in pixels of the map's container. */
  function obstacles(map) {
    turn(map);
    const frame = map.getContainer().getBoundingClientRect();
    const scale = window.board.scale || 1; // a stage shows the map larger than it is drawn
    return [...document.querySelectorAll(".site .badge, .site .site-text, .legend, .scale-box, .leaflet-bar, .attribution, .staged .north")].map((node) => {
      const box = node.getBoundingClientRect();
      return [box.left - frame.left, box.top - frame.top, box.right - frame.left, box.bottom - frame.top].map((edge) => edge / scale);
    });
  }

  window.drawing = { parts, all, layer, obstacles };
})();
