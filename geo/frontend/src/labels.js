/* Names on the map: they thin out by zoom, and none is laid over another or over a symbol. */
(() => {
  "use strict";
  const { element } = window.signs;
  const GAP = 4;
  const ruler = document.createElement("canvas").getContext("2d");
  const FONT = { 1: "600 15px", 2: "500 14px", 3: "400 13px", 4: "400 12px" };

  function widthOf(text, rank) {
    ruler.font = `${FONT[rank] || FONT[4]} "Source Sans", sans-serif`;
    return ruler.measureText(text).width;
  }

  function boxOf(at, side, width, height) {
    const gap = 8;
    if (side === "left") return [at.x - gap - width, at.y - height / 2, at.x - gap, at.y + height / 2];
    if (side === "top") return [at.x - width / 2, at.y - gap - height, at.x + width / 2, at.y - gap];
    if (side === "bottom") return [at.x - width / 2, at.y + gap, at.x + width / 2, at.y + gap + height];
    return [at.x + gap, at.y - height / 2, at.x + gap + width, at.y + height / 2];
  }

  const overlap = (a, b) =>
    a[0] < b[2] + GAP && a[2] > b[0] - GAP && a[1] < b[3] + GAP && a[3] > b[1] - GAP;

  function townMarker(feature, side) {
    const { name, rank } = feature.properties;
    const node = element("div", `town rank-${rank} side-${side}`);
    node.append(element("i", "town-dot"), element("span", "town-name", name));
    const [lon, lat] = feature.geometry.coordinates;
    return L.marker([lat, lon], {
      icon: L.divIcon({ html: node, className: "bare", iconSize: [0, 0] }),
      pane: "names", interactive: false, keyboard: false,
    });
  }

  function nameMarker(feature) {
    const { name, kind } = feature.properties;
    const [lon, lat] = feature.geometry.coordinates;
    return L.marker([lat, lon], {
      icon: L.divIcon({ html: element("span", `region ${kind}`, name), className: "bare", iconSize: [0, 0] }),
      pane: "names", interactive: false, keyboard: false,
    });
  }

  window.Names = class {
    static nameMarker = nameMarker;

    setRegions(features) {
      this.regions = features;
    }

    constructor(map) {
      this.map = map;
      this.towns = [];
      this.group = L.layerGroup().addTo(map);
      this.obstacles = () => [];
      map.on("zoomend moveend resize", () => this.lay());
    }

    /* Towns that a page is about are named from afar too. */
    setTowns(features, wanted = []) {
      this.wanted = new Set(wanted);
      this.towns = features.slice().sort((a, b) =>
        a.properties.rank - b.properties.rank || b.properties.population - a.properties.population);
      this.lay();
    }

    /* Greedy, in order of rank: a name that has no room on any side is left out. */
    lay() {
      const zoom = this.map.getZoom();
      const frame = this.map.getSize();
      const taken = this.obstacles().slice();
      const places = taken.slice();
      this.group.clearLayers();
      for (const town of this.towns) {
        const { name, rank, min_zoom: from, side = "right" } = town.properties;
        if (from > zoom + 0.25 && !this.wanted.has(name)) continue;
        const [lon, lat] = town.geometry.coordinates;
        const at = this.map.latLngToContainerPoint([lat, lon]);
        if (window.board.config.stage && this.covered(at, frame, places)) continue;
        const width = widthOf(name, rank);
        const sides = [side, ...["right", "left", "top", "bottom"].filter((s) => s !== side)];
        const fits = (box) => box[0] > 2 && box[1] > 2 && box[2] < frame.x - 2 && box[3] < frame.y - 2;
        const free = sides.find((s) => {
          const box = boxOf(at, s, width, 16);
          return fits(box) && !taken.some((other) => overlap(other, box));
        });
        if (!free) continue;
        taken.push(boxOf(at, free, width, 16), [at.x - 4, at.y - 4, at.x + 4, at.y + 4]);
        this.group.addLayer(townMarker(town, free));
      }
      this.layRegions(zoom, frame, taken);
    }

    /* On a slide a town whose own spot is not seen is not named. */
    covered({ x, y }, frame, places) {
      const edge = x < 6 || y < 6 || x > frame.x - 6 || y > frame.y - 6;
      return edge || places.some(([left, top, right, bottom]) => x > left && x < right && y > top && y < bottom);
    }

    /* Countries and the sea: set wide, and only where nothing else stands. */
    layRegions(zoom, frame, taken) {
      const said = new Set();
      for (const region of this.regions || []) {
        const { name, min_zoom: from = 0, max_zoom: to = 20 } = region.properties;
        if (zoom < from || zoom > to || said.has(name)) continue;
        const [lon, lat] = region.geometry.coordinates;
        const { x, y } = this.map.latLngToContainerPoint([lat, lon]);
        const half = name.length * 7.5;
        const box = [x - half, y - 9, x + half, y + 9];
        const fits = box[0] > 4 && box[1] > 4 && box[2] < frame.x - 4 && box[3] < frame.y - 4;
        if (!fits || taken.some((other) => overlap(other, box))) continue;
        said.add(name);
        this.group.addLayer(nameMarker(region));
      }
    }
  };
})();
