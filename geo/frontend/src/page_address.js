/* The page's address, from inside the map's frame. */

/** The part of the Navigation API that is used; not every browser has it.
 * @typedef {EventTarget & { currentEntry?: { index: number } | null }} Navigation */

/** Follow the page's address. The page writes its view into it before it draws anything, and our
 * route understands the same parameters: so the map can begin at once. The page's own message, which
 * comes some 50 ms later, then finds its work done. Where a browser does not tell of the address,
 * the map waits for that message.
 * @param {(address: URLSearchParams) => void} changed */
export function followAddress(changed) {
  const page = window.parent;
  const navigation = /** @type {Navigation | undefined} */ (/** @type {any} */ (page).navigation);
  if (!navigation) return;
  const { location } = page;
  const path = location.pathname;
  let position = navigation.currentEntry?.index ?? 0;
  /* A click in the navigation leaves an address without a view, which the page writes out a moment
     later, sometimes as a step of its own. A step back on to it goes one farther. */
  const isPassing = (/** @type {Event} */ event) => {
    const now = navigation.currentEntry?.index ?? 0;
    const back = /** @type {any} */ (event).navigationType === "traverse" && now < position;
    position = now;
    return back && now > 0 && location.pathname === path && !location.search;
  };
  const follow = (/** @type {Event} */ event) => {
    if (isPassing(event)) page.history.back();
    else if (location.pathname === path) changed(new URL(location.href).searchParams);
  };
  navigation.addEventListener("currententrychange", follow);
  window.addEventListener("pagehide", () => navigation.removeEventListener("currententrychange", follow));
}
