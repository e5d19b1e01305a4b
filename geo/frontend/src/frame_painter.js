/* Paints a window of days on the map, in the histogram and in the page's words, without the server. The names on the
   map are laid once, clear of the symbols of all days: nothing flickers. */
import { showArcNames } from "./arc_names.js";
import { drawLegend, signsOnMap } from "./controls.js";
import { dayTail } from "./day_precision.js";
import { showFrameLayers } from "./further_layers.js";
import { updateHistogram } from "./histogram.js";
import { holdObstacles } from "./obstacles.js";
import { holdHeadline, markPlaying, readPageWords, writePageWords } from "./page_words.js";
import { KeptSymbols } from "./kept_symbols.js";
import { whenIdle } from "./prefetch.js";
/** @import { Frame, FrameSource } from "./frame_source.js" */
/** @import { FrameWords } from "./frame_words.js" */
/** @import { LayerHandlers } from "./further_layers.js" */
/** @import { DayWindow } from "./player.js" */

const IDS_AT_MOST = 1000;
const REHEARSED = 4; // milliseconds that the symbols of a frame may take

/** @typedef {{ draw(kept?: KeptSymbols): void, make(kept: KeptSymbols, frame: Frame, window: DayWindow): void,
 *   layers: LayerHandlers }} PaintHandlers `draw` draws the symbols of the state's data, of which those stay on the map that
 * are kept from the frame before; `make` makes those of a frame that may come
 * @typedef {{ window: DayWindow, ids: string[] | null, words: FrameWords }} Painted `ids` null where they are too many */

/** @param {Partial<FrameWords>} words */
const lengthOf = ({ title = "", subtitle = "", counted = "" }) => title.length + subtitle.length + counted.length;

export class FramePainter {
  /** @param {MapState} state @param {PaintHandlers} handlers */
  constructor(state, handlers) {
    this.state = state;
    this.handlers = handlers;
    /** @type {LegendEntry[]} as the server painted it last */
    this.legend = [];
    /** @type {Map<string, (mask: Uint8Array) => void>} */
    this.filters = new Map();
    /** @type {Painted | null} the last frame, while the page has not answered */
    this.last = null;
    /** @type {FrameSource | null} */
    this.source = null;
    /** @type {Partial<FrameWords>} */
    this.words = {};
    this.kept = new KeptSymbols();
    /** @type {FrameSource | null} whose symbols are kept */
    this.keptOf = null;
    this.drawn = "-"; // the claims whose symbols are drawn
    this.entries = ""; // the legend that is drawn
  }

  /** The page's words are those of one map; two maps that are locked together have others. */
  get writes() { return !this.state.options.lock && !this.state.options.stage; }

  /** Further layers that follow when it stops. */
  get late() {
    return (this.source?.view.layers ?? []).filter((name) => !this.filters.has(name));
  }

  /** @param {FrameSource} source */
  begin(source) {
    if (this.source === source) return;
    const { state } = this;
    const data = /** @type {MapData} */ (state.data);
    if (!this.source) {
      this.legend = data.claims.legend;
      if (this.writes) {
        this.words = readPageWords();
        holdHeadline(lengthOf(this.words));
        markPlaying(true);
      }
    }
    this.source = source;
    this.keep(source);
    this.drawn = "-";
    this.entries = "";
    this.filters = showFrameLayers(state, source, this.handlers.layers);
    const whole = data.claims.features.length === source.claims.features.length && !source.layers.size;
    if (whole) return; // the names are clear of all symbols already
    state.data = { ...data, claims: source.claims };
    this.hold(source);
    this.handlers.draw();
    state.labels?.lay();
  }

  /** Keep symbols of this source only. @param {FrameSource} source */
  keep(source) {
    if (this.keptOf !== source) this.kept = new KeptSymbols();
    this.keptOf = source;
  }

  /** Make the symbols of frames that may come, while the browser is idle and none is shown: a frame puts them on the map.
   * @param {FrameSource} source @param {DayWindow[]} windows */
  rehearse(source, windows) {
    this.keep(source);
    const waiting = [...windows];
    const next = (/** @type {IdleDeadline | undefined} */ deadline) => {
      do {
        const window = waiting.shift();
        if (!window || this.keptOf !== source || this.source || this.kept.full) return;
        this.handlers.make(this.kept, source.frame(window, this.legend), window);
      } while (deadline && deadline.timeRemaining() > REHEARSED);
      whenIdle(next, { timeout: 2000 });
    };
    whenIdle(next, { timeout: 2000 });
  }

  /** Measure what is fixed on the map, with the legend of all days: each frame has a part of it.
   * @param {FrameSource} source */
  hold(source) {
    const { state } = this;
    if (state.held || state.options.stage) return;
    drawLegend(state, source.claims.legend, false);
    this.entries = "";
    holdObstacles(state);
  }

  /** @param {FrameSource} source @param {DayWindow} window */
  paint(source, window) {
    this.begin(source);
    this.hold(source);
    const { state } = this;
    const [from, to] = window;
    const frame = source.frame(window, this.legend);
    state.data = { .../** @type {MapData} */ (state.data), claims: frame.claims };
    state.frame = { from, to };
    for (const [name, show] of this.filters) show(/** @type {Uint8Array} */ (frame.masks.get(name)));
    const drawn = [...frame.ids, ...dayTail(state, frame.claims.features)].join(" ");
    if (drawn !== this.drawn) {
      this.handlers.draw(this.kept);
      showArcNames(state.map, state.labels?.arcs ?? []);
    }
    this.drawn = drawn;
    if (!state.options.stage) {
      this.drawLegend(frame.claims.legend);
      const { days, spans, undated, explained } = frame.claims;
      updateHistogram({ days, spans, undated, explained, from, to });
    }
    if (this.writes) {
      writePageWords(frame.words);
      holdHeadline(lengthOf(frame.words));
    }
    const ids = this.listIds(source, frame);
    this.last = { window, ids, words: frame.words };
    self.playedFrame = { from, to, ...(ids ? { ids } : {}) };
  }

  /** @param {LegendEntry[]} legend */
  drawLegend(legend) {
    const signs = signsOnMap(this.state);
    const entries = JSON.stringify([legend, signs]);
    if (entries !== this.entries) drawLegend(this.state, legend, false, signs);
    this.entries = entries;
  }

  /** All that is shown, in the order of the painted selection; null where it is much, or a layer follows later.
   * @param {FrameSource} source @param {Frame} frame */
  listIds(source, { ids, masks }) {
    if (this.late.length) return null;
    const all = [...ids];
    for (const name of source.view.layers) {
      const { features } = /** @type {LayerAnswer} */ (source.layers.get(name));
      const mask = /** @type {Uint8Array} */ (masks.get(name));
      for (let at = 0; at < mask.length; at += 1) {
        if (!mask[at]) continue;
        if (all.length === IDS_AT_MOST) return null;
        all.push(features[at].id);
      }
    }
    return all;
  }

  /** Give the page the words that it had. */
  restore() {
    if (this.writes) writePageWords(this.words);
  }

  /** The server's answer is painted: no frame is shown any more. */
  end() {
    if (!this.source) return;
    this.source = null;
    this.last = null;
    this.state.frame = undefined;
    this.state.held = undefined;
    this.filters = new Map();
    if (this.writes) markPlaying(false);
  }
}
