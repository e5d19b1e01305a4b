/* A big layer: shaded tiles of how many features lie where and, where the window on the map holds
   few enough of them, the features themselves. A hover or a click asks the server what is there.
   Where the layer's kind has no shades (areas), there is nothing to see from afar, and it is said.
   A page that is handed over has no server: there one picture stands in for the tiles. */
(() => {
  "use strict";
  const { element } = window.signs;
  const TILE = 512; // pixels of the map: a spot of a tile is two by two of them
  const WAIT = 90; // milliseconds that the pointer rests before it is asked what lies there

  const theme = () => document.documentElement.dataset.theme === "dark" ? "dark" : "light";

  window.ManyFeatures = L.LayerGroup.extend({
    /* answer: what /features says of the layer; given: {name, query, root, colour, fetched, pick,
       changed, asks}. `painted` is a promise that ends when all tiles in sight are drawn. */
    initialize(answer, given) {
      L.LayerGroup.prototype.initialize.call(this);
      Object.assign(this, { _answer: answer, _given: given, close: false });
      this.painted = Promise.resolve();
      if (answer.overlay) {
        this._shades = L.imageOverlay(this._url(), answer.overlay.bounds, { pane: "density", className: "density" });
      } else if (answer.density) this._shades = this._tiles();
      if (this._shades) this.addLayer(this._shades);
    },

    onAdd(map) {
      L.LayerGroup.prototype.onAdd.call(this, map);
      if (this._shades) this._followTheme();
      if (!this._given.root) return;
      map.on("moveend", this._look, this);
      this._look();
      if (!this._given.asks || !this._answer.density) return;
      map.on("mousemove", this._hover, this);
      map.on("click", this._click, this);
      map.on("mouseout movestart", this._quiet, this);
    },

    onRemove(map) {
      map.off("moveend", this._look, this);
      map.off("mousemove", this._hover, this);
      map.off("click", this._click, this);
      map.off("mouseout movestart", this._quiet, this);
      if (this._watch) this._watch.disconnect();
      this._quiet();
      L.LayerGroup.prototype.onRemove.call(this, map);
    },

    _url() {
      if (this._answer.overlay) return this._answer.overlay[theme()];
      const { root, name, query } = this._given;
      return `${root.href}tiles/${name}/{z}/{x}/{y}.png?${query}${theme() === "dark" ? "&theme=dark" : ""}`;
    },

    _tiles() {
      const tiles = L.tileLayer(this._url(), {
        tileSize: TILE, zoomOffset: -1, pane: "density", noWrap: true, className: "density", keepBuffer: 1, updateWhenIdle: true,
      });
      this.painted = new Promise((done) => { tiles.once("load", done); tiles.once("remove", done); });
      tiles.once("tileerror", () => this._given.failed(new Error(`tiles of ${this._given.name}`)));
      return tiles;
    },

    /* Fetches what this piece of the map will need if another view comes next. */
    ahead(query) {
      if (!this._answer.density || this.close) return;
      for (const { el } of Object.values(this._shades._tiles)) new Image().src = el.src.replace(this._given.query, query);
    },

    _followTheme() {
      let now = theme();
      this._watch = new MutationObserver(() => {
        if (theme() !== now) { now = theme(); this._shades.setUrl(this._url()); }
      });
      this._watch.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    },

    /* The piece of the map in sight, out to the edges of tiles: so a small move asks nothing new. */
    _box() {
      const map = this._map;
      const zoom = Math.floor(map.getZoom());
      const seen = map.getPixelBounds(map.getCenter(), zoom);
      const half = map.getSize().divideBy(2 * map.getZoomScale(map.getZoom(), zoom));
      const centre = seen.getCenter();
      const side = TILE / 2;
      const from = centre.subtract(half).divideBy(side).floor().multiplyBy(side);
      const to = centre.add(half).divideBy(side).ceil().multiplyBy(side);
      const [northwest, southeast] = [map.unproject(from, zoom), map.unproject(to, zoom)];
      return [northwest.lng, southeast.lat, southeast.lng, northwest.lat].map((one) => one.toFixed(6)).join(",");
    },

    async _look() {
      const { name, query, fetched } = this._given;
      const box = this._box();
      if (box === this._asked) return;
      this._asked = box;
      try {
        const answer = await fetched(`features/${name}/within?${query}&box=${box}`);
        if (this._asked !== box || !this._map) return;
        this._show(answer);
      } catch (error) { this._given.failed(error); }
    },

    _show(answer) {
      if (this._features) this.removeLayer(this._features);
      this._features = null;
      const few = answer.within === answer.features.length;
      if (few) {
        this._features = L.layerGroup();
        window.drawing.layer(this._features, answer, this._given.colour, this._given.pick);
        this.addLayer(this._features);
      }
      if (this._shades) this._shades.setOpacity(few ? 0 : 1);
      if (few !== this.close) this._quiet();
      this.close = few;
      this._map.getContainer().dataset.closeUp = String(few);
      this._given.changed();
    },

    _near(at) {
      const { name, query } = this._given;
      const spot = [at.lat.toFixed(6), at.lng.toFixed(6), this._map.getZoom()].join(",");
      return fetch(new URL(`features/${name}/near?${query}&spot=${spot}`, this._given.root))
        .then((answer) => answer.ok ? answer.json() : { features: [], within: 0 });
    },

    _quiet() {
      clearTimeout(this._resting);
      this._over = null;
      if (this._tip) this._tip.remove();
    },

    _hover(event) {
      this._quiet();
      if (this.close || event.originalEvent.target.closest(".leaflet-interactive, .site, button")) return;
      const over = event.latlng;
      this._over = over;
      this._resting = setTimeout(() => this._near(over).then((answer) => {
        if (this._over !== over || !this._map) return;
        this._map.getContainer().classList.toggle("over-point", answer.within > 0);
        if (answer.within) this._tell(over, answer);
      }).catch(() => {}), WAIT);
    },

    _tell(at, answer) {
      const [first] = answer.features;
      const node = element("div", "tip");
      node.append(element("strong", "", first.properties.label || first.id));
      if (first.properties.when) node.append(element("span", "tip-when", first.properties.when));
      const more = answer.within - 1;
      if (more) node.append(element("span", "tip-line", `and ${more.toLocaleString("en")} more here`));
      this._tip = (this._tip || L.tooltip({ className: "board-tip", offset: [0, -6], direction: "top" }))
        .setLatLng(at).setContent(node).addTo(this._map);
    },

    _click(event) {
      if (this.close) return;
      this._near(event.latlng).then((answer) => {
        if (answer.features.length) this._given.pick(answer.features[0].id);
      }).catch((error) => this._given.failed(error));
    },
  });
})();
