/* Around Streamlit's page: links that change the view without loading the page again, anchors, copying. */

import { followLedger } from "./follow_ledger.js";

const WAIT = 15_000; // milliseconds in which the target of an anchor may be drawn

const CAMERA = ["at", "screen"]; // parameters of the map's own

/** The address that a link opens. The map's camera is kept on the same page.
 * @param {string} href @param {string} here */
export function addressOf(href, here) {
  const to = new URL(href, here);
  const from = new URL(here);
  for (const name of to.pathname === from.pathname ? CAMERA : []) {
    const kept = from.searchParams.get(name);
    if (kept && !to.searchParams.has(name)) to.searchParams.set(name, kept);
  }
  return to;
}

/** Whether an address shows the same as the page's, but has lost the camera of its map.
 * @param {string | URL} href @param {string} here */
export function losesCamera(href, here) {
  const [to, from] = [new URL(href, here), new URL(here)];
  const has = (/** @type {URL} */ one) => CAMERA.some((name) => one.searchParams.has(name));
  if (has(to) || !has(from)) return false;
  for (const name of CAMERA) from.searchParams.delete(name);
  from.searchParams.sort();
  to.searchParams.sort();
  return to.pathname === from.pathname && String(to.searchParams) === String(from.searchParams);
}

/** Make a change of pages one step of the browser's history. Streamlit writes the address twice: of the page
 * that was left as the server knows it, without a camera that it was not sent, or of the new page without its query,
 * which always names the sources. */
function joinSteps() {
  const push = history.pushState.bind(history);
  history.pushState = (state, unused, url) => {
    const to = new URL(url ?? "", location.href);
    if (losesCamera(to, location.href)) return;
    const completes = to.pathname === location.pathname && !location.search && to.searchParams.has("sources");
    if (completes) history.replaceState(state, unused, to);
    else push(state, unused, to);
  };
}

/** Scroll to the anchor of the address once Streamlit has drawn it. */
function goToAnchor() {
  const id = decodeURIComponent(location.hash.slice(1));
  if (!id) return;
  const found = () => {
    const target = document.getElementById(id);
    if (!target) return false;
    target.scrollIntoView({ block: "start" });
    for (const other of document.querySelectorAll(".arrived")) other.classList.remove("arrived");
    target.classList.add("arrived");
    return true;
  };
  if (found()) return;
  const watch = new MutationObserver(() => { if (found()) watch.disconnect(); });
  watch.observe(document.body, { childList: true, subtree: true });
  setTimeout(() => watch.disconnect(), WAIT);
}

/** Follow a link as Streamlit follows a step back: the session, and the map, stay.
 * @param {MouseEvent} event */
function follow(event) {
  const link = /** @type {HTMLAnchorElement | null} */ (/** @type {Element} */ (event.target).closest("a.view-link"));
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const to = addressOf(link.href, location.href);
  const samePage = to.pathname === location.pathname;
  history.pushState({}, "", to);
  window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
  if (!samePage && !to.hash) document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
  goToAnchor();
}

/** Copy the text beside a button. @param {MouseEvent} event */
async function copy(event) {
  const button = /** @type {Element} */ (event.target).closest("button.copy");
  const text = button?.parentElement?.querySelector(".copied-text")?.textContent;
  if (!button || !text) return;
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch { // without HTTPS there is no clipboard
    const area = Object.assign(document.createElement("textarea"), { value: text });
    button.after(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = label; }, 2_000);
}

if (typeof document !== "undefined") {
  joinSteps();
  for (const act of ["click", "keydown"]) {
    document.addEventListener(act, () => { window.lastAct = Date.now(); }, { capture: true, passive: true });
  }
  document.addEventListener("click", follow);
  document.addEventListener("click", copy);
  goToAnchor();
  followLedger();
}
