/* Where the map's data comes from: our server, or the files inside a page without one. */
/** @import { DataSource, Host } from "./types" */

const ANSWERS_KEPT = 60;

export class StatusError extends Error {}

/** @param {URL} root @returns {DataSource} */
export function serverSource(root) {
  return {
    async json(path) {
      const answer = await fetch(new URL(path, root));
      if (!answer.ok) throw new StatusError(`${path}: ${answer.status}`);
      return answer.json();
    },
  };
}

/** @param {Record<string, any>} files answers by path @returns {DataSource} */
export function fileSource(files) {
  return {
    async json(path) {
      if (!Object.hasOwn(files, path)) throw new StatusError(`${path}: 404`);
      return files[path];
    },
  };
}

/** Keep the latest answers; a request that fails is not kept.
 * @param {DataSource} source @param {number} [most] @returns {DataSource} */
export function cachedSource(source, most = ANSWERS_KEPT) {
  /** @type {Map<string, Promise<any>>} */
  const answers = new Map();
  return {
    json(path) {
      const known = answers.get(path);
      if (known) return known;
      const answer = source.json(path);
      answer.catch(() => answers.delete(path));
      answers.set(path, answer);
      if (answers.size > most) answers.delete(/** @type {string} */ (answers.keys().next().value));
      return answer;
    },
  };
}

/** @param {string} colour a CSS colour, rgb(...) */
function luminance(colour) {
  const [r, g, b] = (colour.match(/\d+(\.\d+)?/g) || ["255", "255", "255"]).map(Number);
  return 0.299 * r + 0.587 * g + 0.114 * b;
}

/** The frame of streamlit-folium, two folders below the application's root.
 * @returns {Host} */
export function streamlitHost() {
  const root = new URL("../../", window.location.href);
  return {
    root,
    source: cachedSource(serverSource(root)),
    offline: false,
    send: (value) => window.Streamlit.setComponentValue(value),
    followTheme(apply) {
      const app = window.parent.document.querySelector(".stApp");
      if (app) apply(luminance(window.parent.getComputedStyle(app).backgroundColor) < 128);
      window.Streamlit.events.addEventListener("streamlit:render", (event) => {
        const theme = /** @type {CustomEvent} */ (event).detail?.theme;
        if (theme?.base) apply(theme.base === "dark");
      });
    },
  };
}
