/* Plays the days of a scene on the stage. Words, counts and reports of each window come with the slide, from the
   Selection of the server; the map draws those of the features that it has. After the last window all days are shown. */
import { Player } from "./player.js";
/** @import { DayWindow } from "./player.js" */

const BEGIN = 1500; // milliseconds in which the camera arrives, and all days are seen once
const HOLD = 2000; // milliseconds that the last window stays before all days are shown again

/** @typedef {{ paint(data: MapData): void, words(slide: Slide): void, changed(): void }} StageHandlers
 * `paint` draws the map; `words` writes the slide's words; `changed` is called when it starts or stops */

/** A slide with the words and counts of one window; the sources stay those of all days, and say so. What is not
 * observed is said of all days only. @param {Slide} slide @param {StageFrame} frame @returns {Slide} */
export function slideOf(slide, { window: days, counted, counts, questions }) {
  return {
    ...slide, window: days, counted, unseen: "", part: true,
    legend: slide.legend.map((entry, at) => ({ ...entry, count: counts[at] })),
    questions: slide.questions.filter(({ id }) => questions.includes(id)),
  };
}

/** What of a scene's data one window shows. @param {MapData} data @param {string[]} names of its further layers
 * @param {StageFrame} frame @returns {MapData} */
export function dataOf(data, names, { ids, layers }) {
  const shown = new Set(ids);
  const features = data.claims.features.filter(({ id }) => shown.has(id));
  const some = data.layers.map((answer, at) => {
    const wanted = layers[names[at]];
    if (!wanted || answer.density || answer.too_many) return answer;
    const kept = new Set(wanted);
    return { ...answer, features: answer.features.filter(({ id }) => kept.has(String(id))) };
  });
  return { ...data, claims: { ...data.claims, features }, layers: some };
}

export class StagePlayer {
  /** @param {MapState} state @param {StageHandlers} handlers */
  constructor(state, handlers) {
    this.state = state;
    this.handlers = handlers;
    /** @type {Slide | null} the scene that it plays, or can play */
    this.slide = null;
    /** @type {MapData | null} of all its days */
    this.whole = null;
    /** @type {StageFrame | null} the window that is shown; null while all days are */
    this.frame = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.holding = undefined;
    this.player = new Player(state, {
      frame: (window) => this.show(window), stopped: (window) => this.rest(window), changed: () => handlers.changed(),
    });
  }

  get playing() { return this.player.playing; }

  /** The scene with the words of what is shown. */
  get shown() {
    return this.slide && this.frame ? slideOf(this.slide, this.frame) : this.slide;
  }

  /** A scene is on the map with all its days: it begins to play soon, unless it is the same one still.
   * @param {Slide} slide @param {boolean} begins */
  enter(slide, begins) {
    if (this.slide?.key === slide.key && this.slide.token === slide.token) { this.slide = slide; return; }
    this.leave();
    if (!slide.playback) return;
    this.slide = slide;
    this.whole = this.state.data;
    const { days, seconds, loop, from, to } = slide.playback;
    this.player.set({ days, seconds, loop, from, to, earliest: from });
    this.player.windows = slide.playback.frames.map((frame) => frame.days);
    if (begins) this.begin();
    this.handlers.changed();
  }

  /** Play as soon as the camera has arrived. */
  begin() {
    this.holding = setTimeout(() => {
      if (document.body.classList.contains("flying")) this.begin(); else this.player.play();
    }, BEGIN);
  }

  toggle() {
    if (!this.slide) return;
    clearTimeout(this.holding);
    this.player.toggle();
  }

  /** @param {DayWindow} window */
  show([from, to]) {
    const { slide, whole } = this;
    const frame = slide?.playback?.frames.find((one) => one.days[0] === from);
    if (!slide || !whole || !frame) return;
    this.frame = frame;
    self.playedFrame = { from, to, ids: frame.ids };
    this.handlers.paint(dataOf(whole, this.state.requested?.layers ?? [], frame));
    this.handlers.words(slideOf(slide, frame));
  }

  /** It was halted, or the last window has been shown. @param {DayWindow | null} window */
  rest(window) {
    const last = this.slide?.playback?.frames.at(-1);
    if (window && window[0] === last?.days[0]) this.holding = setTimeout(() => this.restore(), HOLD);
  }

  /** Show all days of the scene again. */
  restore() {
    clearTimeout(this.holding);
    const { slide, whole, frame } = this;
    this.frame = null;
    if (!slide || !whole || !frame) return;
    this.player.shown = null;
    this.handlers.paint(whole);
    this.handlers.words(slide);
  }

  /** Another scene is wanted: nothing of this one is drawn any more. */
  leave() {
    clearTimeout(this.holding);
    const { whole, frame } = this;
    this.slide = null;
    this.whole = null;
    this.frame = null;
    this.player.stop();
    if (whole && frame && this.state.painted === this.state.requested) this.handlers.paint(whole);
    this.handlers.changed();
  }
}
