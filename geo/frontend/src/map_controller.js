/* The board: mounts the constant map once, then shows one view after another on it.
   board.mount(map, {page, bounds, scenery}) - board.show({token, claims, layers, chosen, ...})
   A view brings addresses, never features; what they answer with is drawn by nodes and
   textContent only. When it is painted, window.paintedSelection = {token, ids} says so. */
(() => {
  "use strict";
  const { element } = window.signs;
  const IDS_AT_MOST = 1000;
  const LABELS_FROM_ZOOM = 10.5; // from here on, what was seen is listed beside the place
  const root = window.handout ? null : new URL("../../", window.location.href);
  const board = { symbols: window.looks, map: null, ready: null, wanted: null, painted: null, names: null, many: [] };
  const answers = new Map();

  function fetched(path) {
    if (!answers.has(path)) {
      const asked = fetch(root ? new URL(path, root) : path).then((answer) => {
        if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
        return answer.json();
      });
      asked.catch(() => answers.delete(path));
      answers.set(path, asked);
      if (answers.size > 60) answers.delete(answers.keys().next().value);
    }
    return answers.get(path);
  }

  /* Makes the map; called once, by the script that folium writes. */
  function mount(id, given) {
    const config = { scenery: [], towns: [], places: [], ...given };
    if (config.stage) window.stage.open();
    const map = L.map(id, {
      zoomControl: false, attributionControl: false, zoomSnap: 0.25, zoomDelta: 0.5, minZoom: 6, maxZoom: 17,
    });
    board.map = map;
    board.config = config;
    if (!config.stage) window.timeline.add(map);
    followTheme();
    leaveToPerson(map);
    window.furniture.add(map);
    if (config.stage) window.present.start(board);
    else { followAddress(); window.tools.add(map); }
    map.fitBounds(config.bounds, { animate: false });
    board.shown = L.layerGroup().addTo(map);
    board.clouds = L.layerGroup().addTo(map);
    board.ready = window.baseMap.draw(
      map, config.scenery.filter((name) => name !== "rings"), config.towns,
    ).then((names) => {
      board.names = names;
      names.obstacles = () => window.drawing.obstacles(map);
    });
    board.ready.catch(complain);
    map.on("zoomend", () => redraw());
    map.on("moveend", () => { window.furniture.camera(map); leadOthers(); });
    return map;
  }

  /* Maps that are locked move together, in the browser alone. */
  function leadOthers() {
    if (!board.config.lock || board.following) return;
    const { map } = board;
    for (const frame of Array.from(window.parent.frames)) {
      let other = null;
      try { other = frame.board; } catch { continue; }
      if (frame === window || !other || !other.map || !other.config.lock) continue;
      other.following = true;
      other.moved = board.moved;
      other.map.setView(map.getCenter(), map.getZoom(), { animate: false });
      other.following = false;
    }
  }

  const SHIPPED = ["claims", "places", "routes", "rings"];
  const address = (name, wanted) =>
    `features/${name}?${SHIPPED.indexOf(name) > 0 || !wanted.q ? "" : `${wanted.q}&`}v=${wanted.v}`;

  /* On a stage the person may be a scene ahead of what the page says. */
  async function show(wanted) {
    if (!board.config.stage || window.present.follows(wanted)) await bring(wanted);
  }

  async function bring(given) {
    const asked = new URLSearchParams(given.q);
    const days = { from: asked.get("from") ?? undefined, to: asked.get("to") ?? undefined };
    const wanted = { layers: [], ...days, ...given };
    const before = board.wanted;
    board.wanted = wanted;
    if (before && board.painted === before && same(before, wanted)) { board.painted = wanted; return; }
    try {
      const asking = Promise.all(
        ["claims", "places", "routes", "rings", ...wanted.layers].map((name) => fetched(address(name, wanted))),
      );
      /* Tiles are asked for as soon as a layer has answered: at once with it, they would keep it waiting. */
      for (const name of wanted.layers) {
        fetched(address(name, wanted)).then(() => { if (board.wanted === wanted) tilesAhead(name, wanted); }).catch(() => {});
      }
      const [claims, places, routes, rings, ...layers] = await asking;
      await board.ready;
      if (board.wanted !== wanted) return; // a later view has overtaken this one
      board.data = { claims, places, routes, rings, layers };
      paint();
      board.painted = wanted;
      if (!board.config.lock && !board.config.stage) window.ahead.fetchNext(wanted, before, board.data, fetchAhead);
    } catch (error) {
      complain(error);
    }
  }

  async function fetchAhead(name, view) {
    const answer = await fetched(address(name, view));
    if (SHIPPED.includes(name)) return;
    window.drawing.parts(answer);
    tilesAhead(name, view);
  }

  const queryOf = (name, view) => address(name, view).split("?")[1];
  const tilesPainted = () => Promise.all(board.many.map((one) => one.painted));

  /* What is in sight of a layer that is drawn by tiles need not wait for its other answer. */
  function tilesAhead(name, view) {
    board.many.filter((one) => one.name === name).forEach((one) => one.ahead(queryOf(name, view)));
  }

  const same = (one, other) => ["q", "v", "chosen", "from", "to"].every((name) => one[name] === other[name])
    && String(one.layers) === String(other.layers)
    && (one.tiles && one.tiles.url) === (other.tiles && other.tiles.url)
    && JSON.stringify(one.scene) === JSON.stringify(other.scene);

  /* The page writes its view into the address before it draws anything, and what stands there is
     what our route understands: so the map can begin at once. The page's own message, which comes
     some 50 ms later, then finds its work done. Where a browser does not tell of the address, that
     message is what the map waits for. */
  const SELECTING = ["from", "to", "undated", "place", "system", "evidence", "stance", "certainty", "sources", "layer", "q"];

  function followAddress() {
    const { navigation, location } = window.parent;
    if (!navigation || board.config.lock) return;
    const path = location.pathname;
    let position = navigation.currentEntry?.index ?? 0;
    /* A click in the navigation leaves an address without a view, which the page writes out a
       moment later, sometimes as a step of its own. A step back on to it goes one farther. */
    const passing = (event) => {
      const now = navigation.currentEntry?.index ?? 0;
      const back = event.navigationType === "traverse" && now < position;
      position = now;
      return back && now > 0 && location.pathname === path && !location.search;
    };
    const ahead = (event) => {
      if (passing(event)) { window.parent.history.back(); return; }
      const before = board.wanted;
      if (!before || location.pathname !== path) return;
      const said = new URL(location.href).searchParams;
      const asked = new URLSearchParams();
      for (const name of SELECTING) {
        const values = name === "place" && board.config.places.length ? board.config.places : said.getAll(name);
        for (const value of values) if (`${name}=${value}` !== "sources=articles") asked.append(name, value);
      }
      const wanted = {
        ...before, q: asked.toString(), from: said.get("from") ?? undefined, to: said.get("to") ?? undefined,
        layers: said.getAll("layer").filter((name) => !SHIPPED.includes(name)), chosen: said.get("claim") ?? undefined,
      };
      if (!same(before, wanted)) show(wanted);
    };
    navigation.addEventListener("currententrychange", ahead);
    window.addEventListener("pagehide", () => navigation.removeEventListener("currententrychange", ahead));
  }

  function paint() {
    const { wanted, data, map } = board;
    window.baseMap.setTiles(map, wanted.tiles);
    window.furniture.attribution(map, wanted.tiles && wanted.tiles.attribution);
    if (board.paintedLayers !== layersOf(wanted)) paintClouds();
    if (wanted.scene) { paintScene(); return; }
    window.furniture.legend(map, data.claims.legend, board.symbols);
    board.cameraSet = board.cameraSet || Boolean(board.aimed);
    if (!board.aimed) { board.aimed = true; aim(); }
    redraw();
    bringIntoSight();
    window.furniture.complaint(map, tooMany());
    window.timeline.draw({ days: data.claims.days, coverage: data.claims.coverage, from: wanted.from, to: wanted.to, set: setDays });
    if (wanted.at && !board.cameraSet) {
      board.moved = true;
      map.setView([wanted.at[0], wanted.at[1]], wanted.at[2], { animate: false });
    }
    tellWhenPainted();
  }

  /* A scene has its own scenery and camera; its words come with its features, never before. */
  function paintScene() {
    const { wanted, map } = board;
    board.names.wanted = new Set(wanted.scene.towns);
    window.baseMap.setScenery(map, wanted.scene.scenery);
    redraw();
    window.furniture.complaint(map, tooMany());
    tellWhenPainted();
    window.flight.to(board);
    window.present.painted();
  }

  /* What is drawn by tiles is painted when they are; a later view may have come meanwhile. */
  function tellWhenPainted() {
    const { data } = board;
    if (!board.many.some((one) => one.waiting)) tell();
    else tilesPainted().then(() => { if (board.data === data) tell(); });
  }

  function tell() {
    const { data, map } = board;
    const whole = data.layers.every((layer) => !layer.density && !layer.too_many);
    const ids = data.claims.features.map((feature) => feature.id);
    data.layers.forEach((layer) => layer.features.forEach((feature) => ids.push(feature.id)));
    const { token } = data.claims; // of what was drawn: the answer names its own selection
    window.paintedSelection = { token, ...(whole && ids.length <= IDS_AT_MOST ? { ids } : {}) };
    map.getContainer().dataset.token = token;
  }

  /* The first camera leaves the legend its room; later ones are the person's own. */
  board.padding = () => {
    const { x: width } = board.map.getSize();
    const beside = board.config.listed ? Math.min(440, 0.46 * width) : window.furniture.room().width;
    return { paddingTopLeft: [56, 40], paddingBottomRight: [width > 640 ? beside + 10 : 10, 30] };
  };

  /* Until somebody moves the map, it keeps the page's area in sight, whatever its size. */
  function aim() {
    if (board.config.stage) window.flight.again(board);
    else if (!board.moved && board.data) board.map.fitBounds(board.config.bounds, { animate: false, ...board.padding() });
  }

  function leaveToPerson(map) {
    const moved = () => { board.moved = true; };
    for (const sign of ["pointerdown", "wheel", "keydown", "touchstart"]) {
      map.getContainer().addEventListener(sign, moved, { capture: true, passive: true });
    }
    map.on("resize", aim);
    map.on("move", () => { if (board.moved) leadOthers(); });
    new ResizeObserver(() => {
      const [centre, zoom] = [map.getCenter(), map.getZoom()];
      map.invalidateSize({ animate: false, pan: false });
      if (board.moved) map.setView(centre, zoom, { animate: false });
    }).observe(map.getContainer());
  }

  /* A claim chosen elsewhere is brought into sight, if it is not in sight already. */
  function bringIntoSight() {
    const { wanted, data, map } = board;
    const before = board.inSight;
    board.inSight = wanted.chosen;
    if (!wanted.chosen || before === wanted.chosen) return;
    const claim = data.claims.features.find((feature) => feature.id === wanted.chosen);
    const place = claim ? claim.properties.place : wanted.chosen;
    const feature = data.places.features.find((one) => one.id === place);
    if (!feature || (claim && !claim.geometry)) return;
    const bounds = L.geoJSON(feature).getBounds();
    if (!map.getBounds().intersects(bounds)) {
      board.moved = true;
      map.flyToBounds(bounds, { duration: 0.6, maxZoom: map.getZoom(), ...board.padding() });
    }
  }

  const layersOf = (wanted) => wanted.layers.map((name) => address(name, wanted)).join(" ");

  function tooMany() {
    const over = board.data.layers.filter((layer) => layer.too_many && !board.many.some((one) => one.of === layer && one.close));
    return over.length
      ? `${over.map((layer) => layer.too_many.toLocaleString()).join(", ")} features are too many to draw; come closer, or narrow the dates.`
      : "";
  }

  function redraw() {
    if (!board.data) return;
    const fresh = L.layerGroup();
    window.drawing.all(fresh, board, {
      labelled: board.map.getZoom() >= LABELS_FROM_ZOOM,
      rings: (board.wanted.scene || board.config).scenery.includes("rings"),
      pick,
    });
    const focused = held();
    fresh.addTo(board.map);
    board.shown.remove();
    board.shown = fresh;
    if (board.config.stage) window.flight.keepInside(board.map);
    if (focused) document.querySelector(focused)?.focus({ preventScroll: true });
    board.names.lay();
  }

  /* What is drawn anew keeps the keyboard's focus: how to find the symbol that holds it. */
  function held() {
    const active = document.activeElement;
    const site = active && active.closest(".site");
    if (!site) return null;
    const place = `.site[data-place="${CSS.escape(site.dataset.place)}"]`;
    if (active.dataset.claim) return `${place} [data-claim="${CSS.escape(active.dataset.claim)}"]`;
    return `${place} .${active.classList[0]}`;
  }

  function paintClouds() {
    const { wanted, data, map } = board;
    const [fresh, old] = [L.layerGroup(), board.clouds];
    const colours = data.claims.legend.filter((entry) => entry.group === "layer");
    board.many = [];
    wanted.layers.forEach((name, position) => {
      const colour = (colours.find((entry) => entry.key === name) || {}).colour;
      const [answer, open] = [data.layers[position], (id) => pick(`${name}/${id}`)];
      if (answer.density || answer.too_many) fresh.addLayer(many(name, answer, colour, open));
      else window.drawing.layer(fresh, answer, colour, open);
    });
    fresh.addTo(map);
    board.clouds = fresh;
    board.paintedLayers = layersOf(wanted);
    /* What was there stays until what takes its place can be seen: nothing flickers. */
    tilesPainted().then(() => old.remove());
    if (!board.many.length) old.remove();
  }

  function many(name, answer, colour, open) {
    const one = new window.ManyFeatures(answer, {
      name, root, colour, fetched, pick: open, query: queryOf(name, board.wanted),
      asks: !board.config.stage, failed: complain, changed: () => window.furniture.complaint(board.map, tooMany()),
    });
    Object.assign(one, { name, of: answer });
    one.waiting = true;
    one.painted.then(() => { one.waiting = false; });
    board.many.push(one);
    return one;
  }

  /* A pick goes to the page, which opens the panel; what was picked is marked at once. */
  let picks = 0;
  function pick(id) {
    if (board.config.stage) return;
    picks += 1;
    board.wanted = { ...board.wanted, chosen: id };
    redraw();
    window.Streamlit.setComponentValue({ pick: id, count: picks });
  }

  function setDays(from, to, place) {
    picks += 1;
    window.Streamlit.setComponentValue({ days: [from, to], count: picks, ...(place ? { pick: place } : {}) });
  }

  function complain(error) {
    console.warn("map:", error.message);
    if (board.map) {
      window.furniture.complaint(board.map, "The map could not load its data. Reload the page; if it stays, the server is gone.");
    }
  }

  function followTheme() {
    const apply = (dark) => { document.documentElement.dataset.theme = dark ? "dark" : "light"; };
    if (window.handout) { window.handout.theme(apply); return; }
    const luminance = (colour) => {
      const [r, g, b] = (colour.match(/\d+(\.\d+)?/g) || [255, 255, 255]).map(Number);
      return 0.299 * r + 0.587 * g + 0.114 * b;
    };
    const app = window.parent.document.querySelector(".stApp");
    if (app) apply(luminance(window.parent.getComputedStyle(app).backgroundColor) < 128);
    window.Streamlit.events.addEventListener("streamlit:render", (event) => {
      const theme = event.detail && event.detail.theme;
      if (theme && theme.base) apply(theme.base === "dark");
    });
  }

  window.board = Object.assign(board, {
    mount, show, bring, fetchOf: (wanted) => ["claims", ...(wanted.layers || [])].forEach((name) => fetched(address(name, wanted)).catch(() => {})),
  });
})();
