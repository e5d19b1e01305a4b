/* A large layer: density tiles and, where the window on the map holds few enough features, the
   features themselves. A hover or a click asks the server what is there. A layer of a kind without
   tiles (areas) shows nothing from afar, and the map says so. A page without a server has one
   picture in place of the tiles. */
import { config } from "./config.js";
import { StatusError } from "./data_source.js";
import { closest, element } from "./dom.js";
import { addFeatures } from "./feature_layer.js";
import { featureTip } from "./tooltips.js";

const TILE = 512; // pixels of the map: a spot of a tile is two by two of them
const WAIT = 90; // milliseconds that the pointer rests before the server is asked what is there

const theme = () => (document.documentElement.dataset.theme === "dark" ? "dark" : "light");

/** @typedef {{
 *   name: string, query: string, root: URL | null, fetchJson: FetchJson, fetchCached: FetchJson, colour?: string,
 *   interactive: boolean, pick(id: string): void, changed(): void, failed(error: Error): void,
 * }} LargeLayerOptions the query is the view's; without a server there is no root;
 *   an interactive layer asks the server what is at a hover or a click */

export class LargeLayer extends L.LayerGroup {
  /** @param {LayerAnswer} answer of /features @param {LargeLayerOptions} given */
  constructor(answer, given) {
    super();
    this.answer = answer;
    this.given = given;
    this.name = given.name;
    /** @type {string | null} the piece of the map that was asked for last */
    this.asked = null;
    /** @type {Set<HTMLImageElement>} the tiles that are on the map */
    this.images = new Set();
    /** @type {Promise<unknown>} resolves when all tiles in sight are drawn */
    this.painted = Promise.resolve();
    this.waiting = true;
    this.shades = this.createShades();
    this.painted.then(() => { this.waiting = false; });
    this.tip = L.tooltip({ className: "map-tip", offset: [0, -6], direction: "top" });
    if (this.shades) this.addLayer(this.shades);
  }

  /** @override @param {L.Map} map */
  onAdd(map) {
    super.onAdd(map);
    this.map = map;
    if (this.shades) this.followTheme();
    if (this.given.root) this.look();
    return this;
  }

  /** @override */
  getEvents() {
    const { look, hover, click, hush, given, answer } = this;
    const pointed = given.interactive && answer.density && { mousemove: hover, click, mouseout: hush, movestart: hush };
    const events = given.root ? { moveend: look, ...pointed } : {};
    return /** @type {Record<string, L.LeafletEventHandlerFn>} */ (events);
  }

  /** @override @param {L.Map} map */
  onRemove(map) {
    this.themeObserver?.disconnect();
    this.hush();
    super.onRemove(map);
    this.map = null;
    return this;
  }

  createShades() {
    const { overlay, density } = this.answer;
    if (overlay) return L.imageOverlay(this.url(), overlay.bounds, { pane: "density", className: "density" });
    return density ? this.createTiles() : null;
  }

  url() {
    const { overlay } = this.answer;
    if (overlay) return overlay[theme()];
    const { root, name, query } = this.given;
    return `${root?.href}tiles/${name}/{z}/{x}/{y}.png?${query}${theme() === "dark" ? "&theme=dark" : ""}`;
  }

  createTiles() {
    const tiles = L.tileLayer(this.url(), {
      tileSize: TILE, zoomOffset: -1, pane: "density", noWrap: !config.meridian, className: "density", keepBuffer: 1,
      updateWhenIdle: true,
    });
    this.painted = new Promise((done) => { tiles.once("load", done); tiles.once("remove", done); });
    tiles.once("tileerror", () => this.given.failed(new Error(`tiles of ${this.name}`)));
    tiles.on("tileloadstart", ({ tile }) => this.images.add(/** @type {HTMLImageElement} */ (tile)));
    tiles.on("tileunload", ({ tile }) => this.images.delete(/** @type {HTMLImageElement} */ (tile)));
    return tiles;
  }

  /** Fetch the tiles that this piece of the map needs if another view comes next.
   * @param {string} query of that view */
  fetchAhead(query) {
    if (!this.answer.density || this.features) return;
    for (const { src } of this.images) new Image().src = src.replace(this.given.query, query);
  }

  followTheme() {
    let now = theme();
    this.themeObserver = new MutationObserver(() => {
      if (theme() !== now) { now = theme(); this.shades?.setUrl(this.url()); }
    });
    this.themeObserver.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  }

  /** The piece of the map in sight, out to the edges of tiles, so that a small move asks nothing new.
   * @param {L.Map} map @returns {string} west, south, east, north in degrees */
  box(map) {
    const zoom = Math.floor(map.getZoom());
    const side = TILE / 2;
    const half = map.getSize().divideBy(2 * map.getZoomScale(map.getZoom(), zoom));
    const centre = map.project(map.getCenter(), zoom);
    const from = centre.subtract(half).divideBy(side).floor().multiplyBy(side);
    const to = centre.add(half).divideBy(side).ceil().multiplyBy(side);
    const [northwest, southeast] = [map.unproject(from, zoom), map.unproject(to, zoom)];
    return [northwest.lng, southeast.lat, southeast.lng, northwest.lat].map((one) => one.toFixed(6)).join(",");
  }

  async look() {
    if (!this.map) return;
    const { query, fetchCached } = this.given;
    const box = this.box(this.map);
    if (box === this.asked) return;
    this.asked = box;
    try {
      const answer = await fetchCached(`features/${this.name}/within?${query}&box=${box}`);
      if (this.asked === box && this.map) this.show(this.map, answer);
    } catch (error) {
      this.given.failed(/** @type {Error} */ (error));
    }
  }

  /** @param {L.Map} map @param {LayerAnswer} answer */
  show(map, answer) {
    const few = answer.within === answer.features.length;
    if (few !== Boolean(this.features)) this.hush();
    if (this.features) this.removeLayer(this.features);
    this.features = undefined; // drawn where they are few
    if (few) {
      this.features = L.layerGroup();
      addFeatures(this.features, answer, this.given.colour, this.given.pick);
      this.addLayer(this.features);
    }
    this.shades?.setOpacity(few ? 0 : 1);
    map.getContainer().dataset.closeUp = String(few);
    this.given.changed();
  }

  /** @param {L.Map} map @param {L.LatLng} at @returns {Promise<LayerAnswer>} */
  async near(map, at) {
    const spot = [at.lat.toFixed(6), at.lng.toFixed(6), map.getZoom()].join(",");
    try {
      return await this.given.fetchJson(`features/${this.name}/near?${this.given.query}&spot=${spot}`);
    } catch (error) {
      if (error instanceof StatusError) return { type: "FeatureCollection", features: [], within: 0 };
      throw error;
    }
  }

  /** Remove the tooltip, and forget where the pointer rested. */
  hush() {
    clearTimeout(this.resting);
    this.over = null;
    this.tip.remove();
  }

  /** @param {L.LeafletMouseEvent} event */
  hover(event) {
    this.hush();
    const { map } = this;
    if (!map || this.features || closest(event.originalEvent, ".leaflet-interactive, .site, button")) return;
    const over = event.latlng;
    this.over = over;
    this.resting = setTimeout(() => this.near(map, over).then((answer) => {
      if (this.over !== over || !this.map) return;
      map.getContainer().classList.toggle("over-point", Boolean(answer.within));
      if (answer.within) this.showTip(map, over, answer);
    }).catch(() => {}), WAIT);
  }

  /** @param {L.Map} map @param {L.LatLng} at @param {LayerAnswer} answer */
  showTip(map, at, answer) {
    const [first] = answer.features;
    const node = featureTip(first.id, first.properties);
    const more = (answer.within ?? 0) - 1;
    if (more) node.append(element("span", "tip-line", `and ${more.toLocaleString("en")} more here`));
    this.tip.setLatLng(at).setContent(node).addTo(map);
  }

  /** @param {L.LeafletMouseEvent} event */
  click(event) {
    if (this.features || !this.map) return;
    this.near(this.map, event.latlng)
      .then(({ features: [first] }) => { if (first) this.given.pick(first.id); })
      .catch((error) => this.given.failed(error));
  }
}
