/* What a view shows, fetched from the addresses that it names. Answers are kept for a while. */
import { featuresPath, requestedView } from "./addresses.js";
import { config } from "./config.js";
import { cachedSource } from "./data_source.js";
/** @import { DataSource, MapData, RequestedView, ViewMessage } from "./types" */

export class ViewData {
  /** @param {DataSource} source */
  constructor(source) {
    this.answers = cachedSource(source);
  }

  /** @param {string} name @param {RequestedView} view @returns {Promise<any>} */
  layer(name, view) {
    return this.answers.json(featuresPath(name, view));
  }

  /** All that a view shows.
   * @param {RequestedView} view @returns {Promise<MapData>} */
  async all(view) {
    const { builtinLayers } = config;
    const found = await Promise.all([...builtinLayers, ...view.layers].map((name) => this.layer(name, view)));
    const named = Object.fromEntries(builtinLayers.map((name, i) => [name, found[i]]));
    return /** @type {MapData} */ ({ ...named, layers: found.slice(builtinLayers.length) });
  }

  /** Fetch ahead what depends on the view, for a scene that may come next.
   * @param {ViewMessage} message */
  prefetch(message) {
    const view = requestedView(message);
    for (const name of [config.builtinLayers[0], ...view.layers]) this.layer(name, view).catch(() => {});
  }
}
