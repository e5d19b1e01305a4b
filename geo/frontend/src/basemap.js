/* The offline base map: land, water, borders, names. Drawn once; its colours come from map.css,
   so light and dark need no redrawing. */
(() => {
  "use strict";
  const { shape, svg } = window.signs;
  const { nameMarker } = window.Names;
  const FILES = "../../map/base/";
  const PANES = { land: 210, water: 220, lines: 230, base: 240, density: 300, routes: 410, areas: 420, cloud: 440, names: 560, sites: 620 };

  async function geojson(name) {
    const answer = await fetch(`${FILES}${name}.geojson`);
    if (!answer.ok) throw new Error(`base map file ${name}: ${answer.status}`);
    return answer.json();
  }

  function paint(map, data, pane, className, extra = {}) {
    return L.geoJSON(data, {
      pane, interactive: false, renderer: renderers[pane],
      style: { className, fill: extra.fill !== false, stroke: extra.stroke !== false, smoothFactor: 0.6 },
      pointToLayer: extra.point, filter: extra.filter,
    }).addTo(map);
  }

  const renderers = {};

  function panes(map) {
    for (const [name, z] of Object.entries(PANES)) {
      map.createPane(name).style.zIndex = z;
      if (!["density", "cloud", "names", "sites"].includes(name)) renderers[name] = L.svg({ pane: name, padding: 0.5 });
    }
    map.getPane("names").style.pointerEvents = "none";
    map.getPane("cloud").style.pointerEvents = "none";
    map.getPane("density").style.pointerEvents = "none";
  }

  /* Runways and aprons of the air base. Their names come when the map is close. */
  function airfield(map, data) {
    const shown = [paint(map, data, "base", "runway", { filter: (f) => f.properties.kind === "runway" })];
    const named = L.layerGroup();
    const close = L.layerGroup();
    for (const feature of data.features) {
      const { kind, designator, name } = feature.properties;
      if (kind === "runway") {
        const corners = feature.geometry.coordinates[0];
        const north = corners.reduce((a, b) => (b[1] > a[1] ? b : a));
        const side = designator.startsWith("17L") ? "east" : "west";
        named.addLayer(nameMarker({ geometry: { coordinates: north }, properties: { name: designator, kind: `runway-name ${side}` } }));
      } else {
        close.addLayer(nameMarker({ geometry: feature.geometry, properties: { name, kind: "apron" } }));
      }
    }
    const lay = () => {
      if (map.getZoom() >= 13) named.addTo(map); else named.remove();
      if (map.getZoom() >= 15.5) close.addTo(map); else close.remove();
    };
    map.on("zoomend", lay);
    lay();
    return () => { map.off("zoomend", lay); [...shown, named, close].forEach((layer) => layer.remove()); };
  }

  /* Scenery that comes and goes with the scenes of a briefing. */
  const scenery = { wanted: false, remove: null };
  async function setScenery(map, names) {
    scenery.wanted = names.includes("airfield");
    if (!scenery.wanted && scenery.remove) { scenery.remove(); scenery.remove = null; }
    if (!scenery.wanted || scenery.remove) return;
    const data = await geojson("airfield");
    if (scenery.wanted && !scenery.remove) scenery.remove = airfield(map, data);
  }

  /* The hatching of approximate areas: one pattern, which style sheets refer to. */
  function hatching() {
    const holder = svg(0);
    const pattern = shape("pattern", { id: "hatch", width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" });
    pattern.append(shape("line", { id: "hatch-lines", x1: 0, y1: 0, x2: 0, y2: 7, "stroke-width": 2.4 }));
    holder.append(pattern);
    document.body.append(holder);
  }

  async function draw(map, scenery, towns = []) {
    panes(map);
    hatching();
    const names = ["land_outer", "land", "lakes", "lakes_ne", "coast_outer", "coast", "rivers_outer", "rivers", "borders", "towns", "labels", ...scenery];
    const files = Object.fromEntries(await Promise.all(names.map(async (n) => [n, await geojson(n)])));
    paint(map, files.land_outer, "land", "land", { stroke: false });
    paint(map, files.land, "land", "land", { stroke: false });
    paint(map, files.lakes, "water", "lake");
    paint(map, files.lakes_ne, "water", "lake");
    paint(map, files.rivers_outer, "water", "river", { fill: false });
    paint(map, files.rivers, "water", "river", { fill: false });
    paint(map, files.coast_outer, "lines", "coast", { fill: false });
    paint(map, files.coast, "lines", "coast", { fill: false });
    paint(map, files.borders, "lines", "border", { fill: false });
    if (files.airfield) airfield(map, files.airfield);
    const names_ = new window.Names(map);
    names_.setRegions(files.labels.features);
    names_.setTowns(files.towns.features, towns);
    return names_;
  }

  /* Online tiles hide the drawn map; without any, the drawn map is there again. */
  let tiles = null;
  function setTiles(map, source) {
    if ((tiles && tiles.source.url) === (source && source.url)) return;
    if (tiles) tiles.layer.remove();
    tiles = null;
    map.getContainer().classList.toggle("online", Boolean(source));
    if (!source) return;
    const layer = L.tileLayer(source.url, { maxZoom: 19, maxNativeZoom: source.maxZoom, subdomains: "abc" });
    layer.addTo(map);
    tiles = { layer, source };
  }

  window.baseMap = { draw, setTiles, setScenery, renderers, geojson };
})();
