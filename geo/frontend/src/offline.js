/* The page to hand over: what the map's scripts fetch elsewhere stands in the page itself, and
   nothing is asked of anybody. Read before the other scripts; begin() is called after them. */
(() => {
  "use strict";
  const said = (name) => JSON.parse(document.querySelector(`[data-${name}]`).textContent);
  const files = said("files");
  const { theme, map } = said("page");
  const dark = window.matchMedia("(prefers-color-scheme: dark)");

  window.fetch = async (address) => {
    const found = files[String(address).replace(/^(\.\.\/)+/, "")];
    return { ok: found !== undefined, status: found === undefined ? 404 : 200, json: async () => found };
  };
  window.Streamlit = { setComponentValue() {} };

  /* The reader's own choice of light and dark, unless the writer chose. */
  function follow(apply) {
    apply(theme === "auto" ? dark.matches : theme === "dark");
    if (theme === "auto") dark.addEventListener("change", () => apply(dark.matches));
  }

  function begin() {
    const { scenes } = said("slide");
    const named = scenes.find((scene) => scene.key === window.location.hash.slice(1));
    window.map = window.board.mount("map_div", map);
    window.board.show((named || scenes[0]).show);
  }

  window.handout = { theme: follow, begin };
})();
