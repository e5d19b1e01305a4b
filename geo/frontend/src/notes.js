/* The speaker's window: it follows the stage, and may lead it. Which stage: the one that the name
   behind # in the address belongs to, or the first one that answers. */
import { element } from "./dom.js";
import { paragraphs } from "./fit_items.js";
import { keyName, stepOf } from "./scene_keys.js";

const PATIENCE = 1500; // ms in which a stage answers
const NOBODY = "No presentation is open. Open the page Present; this window then follows it.";
const channel = new BroadcastChannel("briefing");

/** @param {string} name of a data attribute @returns {Record<string, HTMLElement>} nodes by its value */
const nodesBy = (name) => Object.fromEntries(
  [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(`[data-${name}]`))].map((node) => [node.dataset[name], node]),
);
const parts = nodesBy("part");
const buttons = /** @type {Record<string, HTMLButtonElement>} */ (nodesBy("do"));

/** @type {string | null} */
let stage = decodeURIComponent(window.location.hash.slice(1)) || null;
const chosen = stage !== null;
let heard = 0; // when the stage last answered, ms

/** @param {string} what */
const ask = (what) => channel.postMessage({ to: "stage", id: stage, ask: what });

/** @param {string} text */
const noteLines = (text) => (text.trim()
  ? paragraphs(text).map((part) => element("p", "", part)) : [element("p", "none", "No notes for this scene.")]);

/** @param {boolean} there whether a stage answers */
function showPresence(there) {
  parts.absent.hidden = there;
  parts.now.hidden = !there;
  parts.foot.hidden = !there;
}

function showAbsent() {
  showPresence(false);
  parts.absent.textContent = NOBODY;
  parts.position.textContent = "";
  parts.title.textContent = "Speaker notes";
}

channel.addEventListener("message", ({ data }) => {
  if (!data || data.to !== "notes" || (stage !== null && data.id !== stage)) return;
  if (data.closed) { heard = 0; if (!chosen) stage = null; showAbsent(); return; }
  stage = data.id;
  heard = Date.now();
  document.documentElement.dataset.theme = data.theme;
  showPresence(true);
  parts.position.textContent = `${data.position} / ${data.of}`;
  parts.title.textContent = data.title;
  parts.headline.textContent = data.headline;
  parts.next.textContent = data.next || "— the end";
  if (parts.notes.dataset.of !== `${data.position} ${data.notes}`) {
    parts.notes.dataset.of = `${data.position} ${data.notes}`;
    parts.notes.replaceChildren(...noteLines(data.notes));
    parts.notes.scrollTop = 0;
  }
  buttons.play.hidden = data.playing === null;
  buttons.play.textContent = data.playing ? "Pause the days" : "Play the days";
  buttons.previous.disabled = data.position === 1;
  buttons.next.disabled = data.position === data.of;
});

/** Ask the stage again and again, so that one which opens later, or is gone, is noticed. */
function look() {
  ask("state");
  window.setTimeout(() => { if (Date.now() - heard > 2 * PATIENCE) showAbsent(); }, PATIENCE);
}

/** A timer that somebody starts, halts and sets back: when it was started, and what was before, ms. */
const timer = { since: /** @type {number | null} */ (null), before: 0 };
const spent = () => timer.before + (timer.since === null ? 0 : Date.now() - timer.since);

function tick() {
  const all = Math.floor(spent() / 1000);
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  const hours = Math.floor(all / 3600);
  const minutes = Math.floor(all / 60);
  parts.timer.textContent = `${hours ? `${hours}:${two(minutes % 60)}` : minutes}:${two(all % 60)}`;
  parts.clock.textContent = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  buttons.start.textContent = timer.since !== null ? "Pause" : timer.before ? "Go on" : "Start";
}

function startOrPause() {
  if (timer.since === null) timer.since = Date.now();
  else { timer.before = spent(); timer.since = null; }
  tick();
}

function reset() {
  timer.before = 0;
  if (timer.since !== null) timer.since = Date.now();
  tick();
}

/** @type {Record<string, () => void>} */
const actions = { start: startOrPause, reset, next: () => ask("next"), previous: () => ask("previous"), play: () => ask("play") };
for (const [name, node] of Object.entries(buttons)) node.addEventListener("click", actions[name]);

window.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const onButton = /** @type {Element} */ (event.target).closest?.("button");
  if (onButton && [" ", "Enter"].includes(keyName(event))) return;
  const asked = keyName(event) === "k" ? "play" : stepOf(event);
  if (!asked) return;
  event.preventDefault();
  if (!event.repeat) ask(asked);
});
window.addEventListener("pagehide", () => channel.close());

look();
tick();
window.setInterval(look, PATIENCE);
window.setInterval(tick, 500);
