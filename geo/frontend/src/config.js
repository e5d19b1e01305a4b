
/** Symbols, places, legend groups and names that the server shares with the browser, written by
 * geo/mapping/frontend_config.py. They are set once, before anything is drawn.
 * @type {Config} */
export let config;

/** @param {Config} given */
export function configure(given) {
  config = given;
}
