/* A briefing on the stage: which scene is shown, keys, swipes, notes. Scenes are in the page as
   JSON in a hidden element, which is read as text. A step is drawn at once; the page hears of it,
   and its answer finds the work done. */
import { closest, pageWindow, SCRIPT_STATE, scriptState } from "./dom.js";
import { keyName, stepOf } from "./scene_keys.js";
import { SlideLayout } from "./slide_layout.js";
import { StagePlayer } from "./stage_player.js";
/** @import { Step } from "./scene_keys.js" */

const PATIENCE = 1000; // ms in which a run begins
const SWIPE = 48; // pixels
const CONTROL = ".stage a[href], .stage button"; // space and Enter are theirs while they have focus
const TYPING = "input, textarea, select, [contenteditable]";

/** A name that this tab keeps over a reload, so that its notes find it again. */
function stageId() {
  const name = sessionStorage.getItem("stage") || Math.random().toString(36).slice(2);
  sessionStorage.setItem("stage", name);
  return name;
}

/** @typedef {Record<"show" | "prefetch", (view: ViewMessage) => void> & { paint(data: MapData): void }} Callbacks
 * bring a scene on the map, fetch it; draw what one window of days shows of it */

export class Presenter {
  /** @param {MapState} state @param {Callbacks} callbacks */
  constructor(state, callbacks) {
    this.state = state;
    this.callbacks = callbacks;
    this.page = pageWindow();
    this.channel = state.host.offline ? null : new BroadcastChannel("briefing");
    this.id = this.channel ? stageId() : "";
    this.text = "";
    /** @type {Deck} */
    this.deck = { scenes: [] };
    /** @type {string | null} of the scene that is wanted */
    this.key = null;
    /** @type {string | null} what the page was sent last, until it asks for the same */
    this.sent = null;
    /** @type {ViewMessage | null} what the page asked for last */
    this.asked = null;
    /** @type {object | null} what the page is sent next */
    this.waiting = null;
    /** @type {"idle" | "asked" | "running"} of the page's script */
    this.run = "idle";
    this.layout = new SlideLayout(state, this);
    this.player = new StagePlayer(state, {
      paint: callbacks.paint,
      words: (slide) => this.write(slide),
      changed: () => { this.layout.showPlaying(this.player?.playing ?? false); this.tellNotes(); },
    });
  }

  /** Write the words of a scene, or of one window of its days. @param {Slide} slide */
  write(slide) {
    this.layout.draw(slide, this.deck.scenes.findIndex((scene) => scene.key === slide.key), this.deck.scenes.length);
    this.layout.showPlaying(this.player.playing);
  }

  /** Whether a scene plays by itself; with reduced motion only when asked. */
  get plays() {
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    return !still && (this.deck.mode === "present" || this.deck.mode === "handout");
  }

  play() {
    this.player.toggle();
  }

  /** Read the scenes, and follow the page, the keyboard, swipes and the window of the notes. */
  start() {
    this.read();
    const observer = new MutationObserver(() => { this.read(); this.progress(); });
    observer.observe(this.page.document.body, {
      childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: [SCRIPT_STATE],
    });
    const windows = new Set([window, this.page]);
    const onKey = (/** @type {KeyboardEvent} */ event) => this.onKey(event);
    const onHistory = () => { this.sent = null; this.waiting = null; };
    windows.forEach((one) => one.addEventListener("keydown", onKey, true));
    this.page.addEventListener("popstate", onHistory);
    this.followSwipes();
    this.channel?.addEventListener("message", (event) => this.answer(event.data || {}));
    window.addEventListener("pagehide", () => {
      observer.disconnect();
      windows.forEach((one) => one.removeEventListener("keydown", onKey, true));
      this.page.removeEventListener("popstate", onHistory);
      this.channel?.postMessage({ to: "notes", id: this.id, closed: true });
      this.channel?.close();
    });
  }

  position() {
    return this.deck.scenes.findIndex((scene) => scene.key === this.key);
  }

  read() {
    const node = this.page.document.querySelector("[data-slide]");
    if (!node || node.textContent === this.text) return;
    this.text = node.textContent ?? "";
    this.deck = JSON.parse(this.text);
    this.layout.root.dataset.mode = this.deck.mode;
    this.layout.layout();
    this.painted();
  }

  /** Whether what the page asks for is what is wanted; a person who is ahead is not called back.
   * @param {ViewMessage} view */
  follows(view) {
    this.asked = view;
    const key = view.scene?.key ?? null;
    if (this.sent !== null && key !== this.sent) return false;
    this.sent = null;
    this.key = key;
    return true;
  }

  /** Words and map change together: the words of a scene wait for its features, and for no others. */
  painted() {
    const { requested, map } = this.state;
    const { scenes } = this.deck;
    const position = scenes.findIndex((scene) => scene.key === requested?.scene?.key);
    const slide = scenes[position];
    if (!slide || slide.token !== window.paintedSelection?.token) return;
    this.player.enter(slide, this.plays);
    this.write(this.player.shown ?? slide);
    map.getContainer().setAttribute("aria-label", slide.alt);
    this.tellNotes();
    for (const near of [scenes[position + 1], scenes[position - 1]]) if (near) this.callbacks.prefetch(near.show);
  }

  /** Send the page one thing at a time, the latest: Streamlit refers to what it thinks the browser
   * still keeps, and while a run ends that may have changed.
   * @param {object} value */
  send(value) {
    this.waiting = value;
    this.progress();
  }

  progress() {
    const script = scriptState(this.page);
    if (script === "running") this.run = "running";
    if (script !== "notRunning" || this.run === "asked") return;
    this.run = "idle";
    if (!this.waiting) { this.agree(); return; }
    this.state.host.send(this.waiting);
    this.waiting = null;
    this.run = "asked";
    window.setTimeout(() => { if (this.run === "asked") { this.run = "idle"; this.progress(); } }, PATIENCE);
  }

  /** A step back may find a page that has not heard of the step before it: what it asked for last holds. */
  agree() {
    const { asked } = this;
    if (this.state.host.offline || this.sent !== null || !asked?.scene || asked.scene.key === this.key) return;
    this.key = asked.scene.key;
    this.callbacks.show(asked);
  }

  /** @param {Step | number} to */
  go(to) {
    const now = this.position();
    const last = this.deck.scenes.length - 1;
    const steps = { next: now + 1, previous: now - 1, first: 0, last };
    const next = Math.min(Math.max(typeof to === "number" ? to : steps[to], 0), last);
    if (now < 0 || next === now) return;
    const scene = this.deck.scenes[next];
    this.player.leave();
    this.key = scene.key;
    if (this.state.host.offline) window.location.replace(`#${scene.key}`);
    else this.sent = scene.key;
    this.send({ scene: scene.key });
    this.callbacks.show(scene.show);
  }

  leave() {
    this.send({ leave: true });
  }

  open() {
    this.send({ open: this.key });
  }

  notes() {
    if (this.state.host.offline) { this.layout.toggleNotes(); return; }
    const address = new URL(`../../briefing/notes#${this.id}`, window.location.href);
    window.open(address, "briefing-notes", "popup,width=960,height=760");
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const name = keyName(event);
    const step = stepOf(event);
    const other = { Escape: () => this.leave(), s: () => this.notes(), k: () => this.play() }[name];
    const act = step ? () => this.go(step) : other;
    const owned = closest(event, TYPING) || ([" ", "Enter"].includes(name) && closest(event, CONTROL));
    if (!act || owned) return;
    if (this.deck.mode !== "present" && this.deck.mode !== "handout" && name !== "Escape") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!event.repeat) act();
  }

  /** A finger that strokes across leads on or back; the map is then moved with two. */
  followSwipes() {
    if (window.matchMedia("(pointer: coarse)").matches) this.state.map.dragging.disable();
    /** @type {{x: number, y: number} | null} */
    let from = null;
    document.addEventListener("touchstart", ({ touches }) => {
      from = touches.length === 1 ? { x: touches[0].clientX, y: touches[0].clientY } : null;
    }, { passive: true });
    document.addEventListener("touchend", ({ changedTouches: [touch] }) => {
      if (!from) return;
      const [x, y] = [touch.clientX - from.x, touch.clientY - from.y];
      from = null;
      if (Math.abs(x) > SWIPE && Math.abs(x) > 2 * Math.abs(y)) this.go(x < 0 ? "next" : "previous");
    }, { passive: true });
  }

  /** Tell the window of the notes what is shown. */
  tellNotes() {
    const { scenes, mode, title } = this.deck;
    const position = this.position();
    /** @type {Slide | undefined} */
    const now = scenes[position];
    if (!this.channel || mode !== "present" || !now) return;
    this.channel.postMessage({
      to: "notes", id: this.id, title, position: position + 1, of: scenes.length, headline: now.headline,
      notes: now.notes, next: scenes[position + 1]?.headline ?? "", playing: now.playback ? this.player.playing : null, theme: document.documentElement.dataset.theme || "light",
    });
  }

  /** Answer the window of the notes, which may lead.
   * @param {{to?: string, id?: string | null, ask?: Step | "state" | "play"}} message */
  answer({ to, id, ask }) {
    if (to !== "stage" || (id && id !== this.id) || !ask) return;
    if (ask === "state") this.tellNotes();
    else if (ask === "play") this.play();
    else if (["first", "last", "next", "previous"].includes(ask)) this.go(ask);
  }
}
