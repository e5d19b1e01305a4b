/* Where the map's data comes from: our server, or the files inside a page without one. */
import { featuresPath, requestedView } from "./addresses.js";
import { config } from "./config.js";

const ANSWERS_KEPT = 60;

export class StatusError extends Error {}

/** @param {URL} root @returns {FetchJson} */
export const fetchFrom = (root) => async (path) => {
  const answer = await fetch(new URL(path, root));
  if (!answer.ok) throw new StatusError(`${path}: ${answer.status}`);
  return answer.json();
};

/** @param {Record<string, any>} files answers by path @returns {FetchJson} */
export const readFrom = (files) => async (path) => {
  if (!Object.hasOwn(files, path)) throw new StatusError(`${path}: 404`);
  return files[path];
};

/** Keep the latest answers; a request that fails is not kept.
 * @param {FetchJson} fetchJson @param {number} [most] @returns {FetchJson} */
export function cached(fetchJson, most = ANSWERS_KEPT) {
  /** @type {Map<string, Promise<any>>} */
  const answers = new Map();
  return (path) => {
    const known = answers.get(path);
    if (known) return known;
    const answer = fetchJson(path);
    answer.catch(() => answers.delete(path));
    answers.set(path, answer);
    if (answers.size > most) answers.delete(/** @type {string} */ (answers.keys().next().value));
    return answer;
  };
}

/** One request at a time; of those that come meanwhile, the last is sent next.
 * @template T, R
 * @param {(question: T) => Promise<R>} ask
 * @param {(question: T, answer: R | null) => void} done null where the request failed
 * @returns {(question: T) => Promise<void>} */
export function singleFlight(ask, done) {
  let busy = false;
  /** @type {{question: T} | null} */
  let next = null;
  return async function request(question) {
    if (busy) { next = { question }; return; }
    busy = true;
    /** @type {R | null} */
    let answer;
    try { answer = await ask(question); } catch { answer = null; }
    done(question, answer);
    busy = false;
    if (next) { const { question: waiting } = next; next = null; request(waiting); }
  };
}

/** What a view shows, fetched from the addresses that it names. Answers are kept for a while. */
export class ViewData {
  /** @param {FetchJson} fetchJson */
  constructor(fetchJson) {
    this.fetchJson = cached(fetchJson);
  }

  /** @param {string} name @param {RequestedView} view @returns {Promise<any>} */
  layer(name, view) {
    return this.fetchJson(featuresPath(name, view));
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

/** @param {string} colour a CSS colour, rgb(...) */
function luminance(colour) {
  const [r, g, b] = (colour.match(/\d+(\.\d+)?/g) || ["255", "255", "255"]).map(Number);
  return 0.299 * r + 0.587 * g + 0.114 * b;
}

/** The frame of streamlit-folium, two folders below the application's root. @returns {Host} */
export function streamlitHost() {
  const root = new URL("../../", window.location.href);
  let count = 0; // so that the page notices a message that is sent twice
  return {
    root,
    fetchJson: cached(fetchFrom(root)),
    address: (path) => new URL(path, root).href,
    offline: false,
    send: (value) => window.Streamlit.setComponentValue({ ...value, count: count += 1 }),
    followTheme(apply) {
      const app = window.parent.document.querySelector(".stApp");
      if (app) apply(luminance(window.parent.getComputedStyle(app).backgroundColor) < 128 ? "dark" : "light");
      window.Streamlit.events.addEventListener("streamlit:render", (event) => {
        const theme = /** @type {CustomEvent} */ (event).detail?.theme;
        if (theme?.base) apply(theme.base === "dark" ? "dark" : "light");
      });
    },
  };
}
