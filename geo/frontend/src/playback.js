/* Playback of the days under the map, and the repainting while somebody drags across them. The rows of all days are
   fetched at the first touch; from then on nothing is asked of the server until it stops. */
import { featuresPath } from "./addresses.js";
import { prepareShapes } from "./feature_layer.js";
import { FramePainter } from "./frame_painter.js";
import { FrameSource } from "./frame_source.js";
import { spanWords } from "./frame_words.js";
import { listenToKeys } from "./playback_keys.js";
import { PlaybackBar } from "./playback_bar.js";
import { Player, daysToPlay, listWindows } from "./player.js";
/** @import { PaintHandlers } from "./frame_painter.js" */
/** @import { DayWindow } from "./player.js" */

const NO_DAYS = "Nothing here has a day that could be played.";
const OTHER_ROWS = "map: the server has other rows of these days than the last frame of playback; its own are shown";
const DAYS = ["from", "to"];
const REHEARSED_FRAMES = 100;
const REHEARSED_CLAIMS = 1000; // more are not drawn again and again on a guess

/** @typedef {PaintHandlers & { fetchJson: FetchJson, ask(value: object): void, repaint(): void }} PlaybackHandlers
 * `ask` sends a message to the page; `repaint` shows the view that was asked for last as the server has it */

/** @param {string} q @param {string[]} names */
function queryWithout(q, names) {
  return new URLSearchParams([...new URLSearchParams(q)].filter(([name]) => !names.includes(name))).toString();
}

/** What a source depends on: all of a view but its days. @param {RequestedView} view */
const keyOf = (view) => [queryWithout(view.q, DAYS), view.v, ...view.layers].join("|");

/** Fetch all that a view shows on any day. A layer whose features are not sent, or that fails, is left out.
 * @param {RequestedView} view @param {FetchJson} fetchJson @param {string} heading @returns {Promise<FrameSource>} */
export async function fetchSource(view, fetchJson, heading) {
  const anyday = { ...view, q: queryWithout(view.q, [...DAYS, "undated"]) };
  const [path, query] = featuresPath("claims", anyday).split("?");
  const claims = fetchJson(`${path}/playback?${query}`);
  const answers = await Promise.all(view.layers.map(async (name) => {
    const answer = await fetchJson(featuresPath(name, anyday)).catch(() => null);
    const whole = answer && !answer.density && !answer.too_many;
    if (whole) await prepareShapes(answer);
    return /** @type {[string, LayerAnswer][]} */ (whole ? [[name, answer]] : []);
  }));
  return new FrameSource({ view, claims: await claims, layers: new Map(answers.flat()), heading });
}

export class DayPlayback {
  /** @param {MapState} state @param {PlaybackHandlers} handlers */
  constructor(state, handlers) {
    this.state = state;
    this.handlers = handlers;
    this.painter = new FramePainter(state, handlers);
    this.player = new Player(state, {
      frame: (window) => this.paint(window),
      stopped: (window) => { if (window) this.settle(window); },
      changed: () => this.showBar(),
    });
    /** @type {FrameSource | null} */
    this.source = null;
    this.key = "";
    /** @type {Promise<void>} */
    this.loading = Promise.resolve();
    /** @type {DayWindow | null} the days that the page was asked for last */
    this.asked = null;
    /** @type {DayWindow | null} */
    this.wanted = null;
    this.queued = 0;
    this.unsent = false;
    this.given = "";
    this.bar = new PlaybackBar({
      toggle: () => { this.toggle(); }, step: (by) => { this.step(by); }, set: (chosen) => this.choose(chosen),
    });
    if (!state.options.lock) listenToKeys(this);
  }

  /** Whether frames are shown that the page does not know of yet. */
  get ahead() { return Boolean(this.painter.source); }

  /** Whether arrow keys step: after it was played or stepped, as long as those days are shown. */
  get engaged() {
    const { shown } = this.player;
    const view = this.state.requested;
    return Boolean(shown && (this.ahead || (view?.from === shown[0] && view.to === shown[1])));
  }

  /** Fetch what playback needs, unless it is there. */
  touch() {
    const view = this.state.requested;
    if (!view || !this.state.painted) return this.loading;
    const key = keyOf(view);
    if (key === this.key) return this.loading;
    this.key = key;
    this.source = null;
    this.loading = fetchSource(view, this.handlers.fetchJson, this.state.options.heading ?? "")
      .then((source) => {
        if (this.key !== key) return;
        this.source = source;
        this.rehearse(source, view);
      })
      .catch((error) => { if (this.key === key) this.key = ""; console.warn("playback:", error.message); });
    return this.loading;
  }

  /** Get ready for what would be played. @param {FrameSource} source @param {RequestedView} view */
  rehearse(source, view) {
    const { days } = this.player.settings;
    const played = daysToPlay(view, source.extent, days);
    if (!played || this.ahead || source.claims.features.length > REHEARSED_CLAIMS) return;
    this.painter.rehearse(source, listWindows(...played, days).slice(0, REHEARSED_FRAMES));
  }

  async toggle() {
    if (this.player.playing) { this.player.pause(); return; }
    await this.touch();
    if (!this.prepare()) return;
    this.player.play();
  }

  /** @param {number} by */
  async step(by) {
    await this.touch();
    if (this.prepare()) this.player.step(by);
  }

  /** Set the days to play, unless they are being played. */
  prepare() {
    const { player, source } = this;
    const view = this.state.requested;
    if (!source || !view) return false;
    if (this.engaged || player.playing) return true;
    return this.range(view);
  }

  /** @param {{from?: string, to?: string}} view */
  range(view) {
    const { player } = this;
    const extent = this.source?.extent ?? null;
    const played = daysToPlay(view, extent, player.settings.days);
    if (!played || !extent) return false;
    player.set({ from: played[0], to: played[1], earliest: extent[0] < played[0] ? extent[0] : played[0] });
    const first = player.windows?.[0];
    player.shown = first && first[0] === view.from && first[1] === view.to ? first : null;
    return true;
  }

  /** What somebody chose in the bar: it holds at once, and is sent when it stops.
   * @param {Partial<Playback>} chosen */
  choose(chosen) {
    const { player } = this;
    player.set(chosen);
    const { shown } = player;
    if (chosen.days && shown) this.range({ from: shown[0], to: shown[1] });
    if (chosen.days && this.source && this.state.requested) this.rehearse(this.source, this.state.requested);
    this.unsent = true;
    this.showBar();
    if (!player.playing && !this.ahead) this.send({});
  }

  /** @param {object} value */
  send(value) {
    const { days, seconds, loop } = this.player.settings;
    const speed = seconds === 1 ? "" : `,${seconds}s`;
    const play = this.unsent ? { play: `${days}d${speed}${loop ? ",loop" : ""}` } : {};
    this.unsent = false;
    this.handlers.ask({ ...value, ...play });
  }

  /** Tell the page, once, which days are shown. @param {DayWindow} window @param {string} [pick] */
  settle(window, pick) {
    const view = this.state.requested;
    const { source, last } = this.painter;
    this.asked = window;
    if (source && last) this.bar.announce(`${spanWords(source.data, ...window)}: ${last.words.counted}`);
    this.showBar();
    this.send({ days: window, ...(pick ? { pick } : {}) });
    if (view?.from === window[0] && view.to === window[1]) this.handlers.repaint();
  }

  /** Repaint while somebody drags: once a frame of the browser. @param {DayWindow} window */
  drag(window) {
    this.player.stop();
    this.wanted = window;
    this.touch();
    this.queued ||= requestAnimationFrame(() => this.paintWanted());
  }

  paintWanted() {
    cancelAnimationFrame(this.queued);
    this.queued = 0;
    const { source, wanted } = this;
    this.wanted = null;
    const last = this.painter.last?.window;
    if (source && wanted && this.key && String(last) !== String(wanted)) this.paint(wanted);
  }

  /** @param {DayWindow} window */
  paint(window) {
    const first = !this.ahead;
    if (this.source) this.painter.paint(this.source, window);
    if (first) this.showBar(); // which layers follow later
  }

  /** Days that were chosen in the histogram: painted at once where they can be.
   * @param {string | null} from @param {string | null} to @param {string} [pick] */
  release(from, to, pick) {
    this.player.stop();
    if (!from || !to) { this.wanted = null; this.send({ days: [from, to] }); return; }
    this.wanted = [from, to];
    this.paintWanted();
    this.settle([from, to], pick);
  }

  /** Show the days again that the page shows. */
  cancel() {
    this.wanted = null;
    this.player.stop();
    if (!this.ahead) return;
    this.painter.restore();
    this.handlers.repaint();
  }

  /** What somebody picks on the map while it plays is sent with the days. @param {string} id @returns {boolean} */
  pick(id) {
    const { last } = this.painter;
    if (!last || !this.player.playing) return false;
    this.player.stop();
    this.settle(last.window, id);
    return true;
  }

  /** Whether a view that the page asks for is to wait, since its days are played on.
   * @param {RequestedView} view */
  holds(view) {
    const days = /** @type {DayWindow} */ ([view.from ?? "", view.to ?? ""]);
    const { source, player } = this;
    if (!player.playing || !source) return false;
    const filters = (/** @type {RequestedView} */ one) => [queryWithout(one.q, DAYS), ...one.layers].join("|");
    const same = filters(view) === filters(source.view);
    const before = this.state.requested;
    const known = String(days) === String(this.asked) || String(days) === String([before?.from ?? "", before?.to ?? ""]);
    return same && known && !view.scene && view.chosen === before?.chosen;
  }

  /** A view is painted as the server has it. @param {RequestedView} view @param {MapData} data */
  arrived(view, { claims, layers }) {
    const { last } = this.painter;
    if (last?.ids && last.window[0] === view.from && last.window[1] === view.to) {
      const ids = [claims, ...layers].flatMap(({ features }) => features.map(({ id }) => id));
      if (String(ids) !== String(last.ids)) console.warn(OTHER_ROWS);
    }
    if (this.player.playing) this.player.stop();
    this.asked = null;
    this.painter.end();
    this.showBar();
  }

  /** @param {Playback | undefined} play of the page's message */
  follow(play) {
    if (!play || JSON.stringify(play) === this.given) return;
    this.given = JSON.stringify(play);
    this.player.set(play);
    this.showBar();
  }

  /** Whether there are days, and anything that has one of them. */
  get playable() {
    const { data, requested } = this.state;
    const { days = [], spans = [] } = data?.claims ?? {};
    const some = days.some(([, shown, other]) => shown + other) || spans.some(([, , shown, other]) => shown + other);
    return days.length > 0 && (some || Boolean(requested?.layers.length));
  }

  showBar() {
    const { days, seconds, loop } = this.player.settings;
    this.bar.show({ days, seconds, loop, playing: this.player.playing, reason: this.playable ? "" : NO_DAYS });
    const { data } = this.painter.source ?? {};
    const late = this.ahead ? this.painter.late.map((name) => data?.layers[name]?.title ?? name) : [];
    this.bar.tell(late.length ? `${late.join(", ")}: follows when it stops` : "");
  }
}
