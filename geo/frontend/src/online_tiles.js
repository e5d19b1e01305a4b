/* Online tiles by choice. The drawn map is shown until the first tile has come and wherever none does,
   with a word on which tiles are missing and what to do; the word goes when they come. */
import { showAttribution, showTileNotice } from "./controls.js";
import { describeTiles } from "./tile_words.js";

const SLOW = 8_000; // milliseconds without a tile, after which the word is shown
const AGAIN = 30_000; // milliseconds until missing tiles are asked for again
/** Tiles of one source on a map, and what is known of those in sight. */
class OnlineTiles {
  /** @param {L.Map} map @param {TileSource} source @param {() => void} changed */
  constructor(map, source, changed) {
    this.map = map;
    this.changed = changed;
    this.source = source;
    /** @type {Set<EventTarget>} */
    this.loaded = new Set();
    /** @type {Set<EventTarget>} */
    this.failed = new Set();
    this.slow = false;
    this.layer = L.tileLayer(source.url, { maxZoom: 19, maxNativeZoom: source.maxZoom });
    /** @type {L.LeafletEventHandlerFnMap} */
    this.events = {
      loading: () => this.wait(),
      tileload: ({ tile }) => this.put(tile, this.loaded),
      tileerror: ({ tile }) => this.put(tile, this.failed),
      tileunload: ({ tile }) => { this.loaded.delete(tile); this.failed.delete(tile); },
      load: () => this.judge(),
    };
    this.layer.on(this.events);
    this.retry = () => { if (this.failed.size) this.layer.redraw(); };
    window.addEventListener("online", this.retry);
    this.asking = setInterval(this.retry, AGAIN);
    this.judge();
    this.layer.addTo(map);
  }

  wait() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => { this.slow = true; this.judge(); }, SLOW);
  }

  /** @param {EventTarget} tile @param {Set<EventTarget>} where */
  put(tile, where) {
    (where === this.loaded ? this.failed : this.loaded).delete(tile);
    where.add(tile);
    if (where === this.loaded) this.slow = false;
    this.judge();
  }

  judge() {
    const [loaded, failed] = [this.loaded.size, this.failed.size];
    this.map.getContainer().classList.toggle("online", loaded > 0);
    showAttribution(loaded ? this.source.attribution : undefined);
    if (showTileNotice(describeTiles(this.source, { loaded, failed, slow: this.slow }))) this.changed();
  }

  remove() {
    clearTimeout(this.waiting);
    clearInterval(this.asking);
    window.removeEventListener("online", this.retry);
    this.layer.off(this.events); // its own handlers stay: they take it off the map
    this.layer.remove();
    this.map.getContainer().classList.remove("online");
    showAttribution(undefined);
    showTileNotice("");
  }
}

/** @type {OnlineTiles | null} */
let tiles = null;

/** Show online tiles, or none: then the drawn map is there alone.
 * @param {L.Map} map @param {TileSource | undefined} source
 * @param {() => void} changed called when the word on them is another, which takes room on the map */
export function setTiles(map, source, changed) {
  if (tiles?.source.url === source?.url) return;
  tiles?.remove();
  tiles = source ? new OnlineTiles(map, source, changed) : null;
}
