/* The page to hand over: what the map fetches elsewhere is in the page itself, as JSON, and nothing
   is requested. */
import { readFrom } from "./data_source.js";
import { mount, show } from "./map_controller.js";

/** @param {string} name */
const block = (name) => JSON.parse(document.querySelector(`[data-${name}]`)?.textContent ?? "null");

/** The host of a page without a server. The reader's own choice of light and dark holds, unless the
 * writer chose.
 * @param {Record<string, any>} files @param {"auto" | "light" | "dark" | "print"} theme @returns {Host} */
function offlineHost(files, theme) {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  return {
    fetchJson: readFrom(files),
    address: (path) => files[path] ?? "",
    root: null,
    offline: true,
    send() {},
    followTheme(apply) {
      const follow = () => apply(dark.matches ? "dark" : "light");
      if (theme !== "auto") return apply(theme);
      follow();
      dark.addEventListener("change", follow);
    },
  };
}

/** Draw the map and show the scene that the address names, or the first one. */
export function openOffline() {
  const { theme, map } = block("page");
  /** @type {Deck} */
  const { scenes } = block("slide");
  const named = scenes.find((scene) => scene.key === window.location.hash.slice(1));
  mount("map_div", map, offlineHost(block("files"), theme));
  show((named || scenes[0]).show);
}
