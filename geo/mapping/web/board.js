/* The board: mounts the constant map once, then shows one view after another on it.
   board.mount(map, {page, bounds, scenery}) - board.show({token, claims, layers, chosen, ...})
   A view brings addresses, never features; what they answer with is drawn by nodes and
   textContent only. When it is painted, window.paintedSelection = {token, ids} says so. */
(() => {
  "use strict";
  const { element } = window.signs;
  const IDS_AT_MOST = 1000;
  const LABELS_FROM_ZOOM = 11.5; // from here on, what was seen is listed beside the place
  const root = new URL("../../", window.location.href);
  const board = { map: null, ready: null, wanted: null, painted: null, names: null };
  const answers = new Map();

  function fetched(path) {
    if (!answers.has(path)) {
      const asked = fetch(new URL(path, root)).then((answer) => {
        if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
        return answer.json();
      });
      asked.catch(() => answers.delete(path));
      answers.set(path, asked);
      if (answers.size > 60) answers.delete(answers.keys().next().value);
    }
    return answers.get(path);
  }

  function mount(map, config) {
    board.map = map;
    board.config = config;
    map.fitBounds(config.bounds, { animate: false });
    followTheme();
    window.furniture.add(map);
    board.shown = L.layerGroup().addTo(map);
    board.clouds = L.layerGroup().addTo(map);
    board.ready = Promise.all([
      fetched("map/symbols.json"),
      window.baseMap.draw(map, config.scenery.filter((name) => name !== "rings")),
    ]).then(([symbols, names]) => {
      board.symbols = symbols;
      board.names = names;
      names.obstacles = () => window.drawing.obstacles(map);
    });
    board.ready.catch(complain);
    map.on("zoomend", () => redraw());
    map.on("moveend", () => window.furniture.camera(map));
  }

  async function show(wanted) {
    board.wanted = wanted;
    try {
      await board.ready;
      const [claims, places, routes, rings, ...layers] = await Promise.all([
        fetched(wanted.claims),
        ...["places", "routes", "rings"].map((name) =>
          wanted.scenery[name] ? fetched(wanted.scenery[name]) : { features: [] }),
        ...Object.values(wanted.layers).map(fetched),
      ]);
      if (board.wanted !== wanted) return; // a later view has overtaken this one
      board.data = { claims, places, routes, rings, layers };
      paint();
    } catch (error) {
      complain(error);
    }
  }

  function paint() {
    const { wanted, data, map } = board;
    window.baseMap.setTiles(map, wanted.tiles);
    window.furniture.attribution(map, wanted.tiles && wanted.tiles.attribution);
    if (board.paintedLayers !== wanted.layers) paintClouds();
    redraw();
    window.furniture.legend(map, data.claims.legend, board.symbols);
    window.furniture.complaint(map, tooMany());
    if (wanted.at && board.cameraSet !== String(wanted.at)) {
      board.cameraSet = String(wanted.at);
      map.setView([wanted.at[0], wanted.at[1]], wanted.at[2], { animate: false });
    }
    const ids = data.claims.features.map((feature) => feature.id);
    data.layers.forEach((layer) => layer.features.forEach((feature) => ids.push(feature.id)));
    window.paintedSelection = { token: wanted.token, ...(ids.length <= IDS_AT_MOST ? { ids } : {}) };
    map.getContainer().dataset.token = wanted.token;
  }

  function tooMany() {
    const over = board.data.layers.filter((layer) => layer.too_many);
    return over.length
      ? `${over.map((layer) => layer.too_many.toLocaleString()).join(", ")} features are too many to draw; narrow the dates.`
      : "";
  }

  function redraw() {
    if (!board.data) return;
    const fresh = L.layerGroup();
    window.drawing.all(fresh, board, {
      labelled: board.map.getZoom() >= LABELS_FROM_ZOOM,
      rings: board.config.scenery.includes("rings"),
      pick,
    });
    fresh.addTo(board.map);
    board.shown.remove();
    board.shown = fresh;
    board.names.lay();
  }

  function paintClouds() {
    const fresh = L.layerGroup();
    const colours = board.data.claims.legend.filter((entry) => entry.group === "layer");
    Object.keys(board.wanted.layers).forEach((name, position) => {
      const colour = (colours.find((entry) => entry.key === name) || {}).colour;
      window.drawing.layer(fresh, board.data.layers[position], colour, (id) => pick(`${name}/${id}`));
    });
    fresh.addTo(board.map);
    board.clouds.remove();
    board.clouds = fresh;
    board.paintedLayers = board.wanted.layers;
  }

  /* A pick goes to the page, which opens the panel; what was picked is marked at once. */
  let picks = 0;
  function pick(id) {
    picks += 1;
    board.wanted = { ...board.wanted, chosen: id };
    redraw();
    window.Streamlit.setComponentValue({ pick: id, count: picks });
  }

  function complain(error) {
    console.warn("map:", error.message);
    if (board.map) {
      window.furniture.complaint(board.map, "The map could not load its data. Reload the page; if it stays, the server is gone.");
    }
  }

  function followTheme() {
    const apply = (dark) => { document.documentElement.dataset.theme = dark ? "dark" : "light"; };
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

  window.board = Object.assign(board, { mount, show });
})();
