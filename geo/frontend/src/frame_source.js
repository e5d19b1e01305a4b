/* All that a view shows on any day, from which each frame of playback is made without the server. Which rows a
   window of days selects is the server's rule: geo/store/core/date_window.py and geo/evidence/day_counts.py. */
import { frameWords } from "./frame_words.js";
/** @import { DayTotals, FrameWords } from "./frame_words.js" */
/** @import { DayWindow } from "./player.js" */

const DAY = 86400000; // milliseconds
const NEVER = 2 ** 31 - 1; // the first day of a row that has none
const FRAMES_KEPT = 200;
const BACKGROUND = "background"; // kind of evidence that is no event of any day

/** @typedef {{ first: Int32Array, last: Int32Array }} RowDays days since 1970 of each row; `first` is NEVER for one without
 * @typedef {{ claims: ClaimsAnswer, masks: Map<string, Uint8Array>, ids: string[], words: FrameWords }} Frame
 * `masks`: whether each feature of a further layer is shown, by the layer's name
 * @typedef {{ view: RequestedView, claims: PlaybackAnswer, layers: Map<string, LayerAnswer>, heading: string }} SourceParts
 * `layers` are those whose features are known for all days */

/** Days since 1970 of an ISO day, whose year may have more than four digits; NaN for none. @param {string | null | undefined} day */
export function dayNumber(day) {
  const found = /^([+-]?\d+)-(\d\d)-(\d\d)$/.exec(day ?? "");
  return found ? Math.round(new Date(0).setUTCFullYear(Number(found[1]), Number(found[2]) - 1, Number(found[3])) / DAY) : NaN;
}

/** @param {number} count @param {(at: number) => [first: string | null | undefined, last: string | null | undefined]} ends */
export function rowDays(count, ends) {
  const [first, last] = [new Int32Array(count), new Int32Array(count)];
  /** @type {Map<string, number>} */
  const known = new Map();
  const number = (/** @type {string | null | undefined} */ day) => {
    const text = day ?? "";
    const found = known.get(text) ?? dayNumber(text);
    known.set(text, found);
    return found;
  };
  for (let at = 0; at < count; at += 1) {
    const [from, to] = ends(at).map(number);
    first[at] = Number.isNaN(from) ? (Number.isNaN(to) ? NEVER : to) : from;
    last[at] = Number.isNaN(to) ? first[at] : to;
  }
  return { first, last };
}

/** One bit a row: whether its days overlap the window. @param {RowDays} days @param {DayWindow} window @param {boolean} undated */
export function matchWindow({ first, last }, [from, to], undated) {
  const [start, end] = [dayNumber(from), dayNumber(to)];
  const mask = new Uint8Array(first.length);
  for (let at = 0; at < mask.length; at += 1) {
    const none = first[at] === NEVER;
    mask[at] = Number(none ? undated : last[at] >= start && first[at] <= end);
  }
  return mask;
}

export class FrameSource {
  /** @param {SourceParts} parts */
  constructor({ view, claims, layers, heading }) {
    this.view = view;
    this.claims = claims;
    this.layers = layers;
    this.heading = heading;
    this.data = claims.playback;
    /** @type {Map<string, Frame>} those of claims alone, by their window */
    this.frames = new Map();
    const query = new URLSearchParams(view.q);
    this.undated = query.get("undated") === "1";
    this.datedOnly = new Set(query.getAll("dated_only"));
    const [first, last] = this.data.axis === "observed"
      ? /** @type {const} */ (["first", "last"]) : /** @type {const} */ (["reported_first", "reported_last"]);
    const { features } = claims;
    /** @param {number} at @returns {[first: string | null, last: string | null]} */
    const ends = (at) => [features[at].properties[first], features[at].properties[last]];
    this.days = rowDays(features.length, ends);
    this.counted = features.map(({ properties }, at) => {
      const [from, to] = ends(at);
      if (properties.evidence === BACKGROUND) return BACKGROUND;
      return from || to ? `${from ?? to} ${to ?? from}` : "";
    });
    /** @type {Map<string, RowDays>} */
    this.layerDays = new Map([...layers].map(([name, { features: rows }]) => (
      [name, rowDays(rows.length, (at) => [rows[at].properties.first, rows[at].properties.last])])));
  }

  /** The first and the last day there are; null for none. @returns {DayWindow | null} */
  get extent() {
    const { days } = this.claims;
    return days.length ? [days[0][0], days[days.length - 1][0]] : null;
  }

  /** What a window of days shows.
   * @param {DayWindow} window @param {LegendEntry[]} painted the legend, for the layers that follow later @returns {Frame} */
  frame(window, painted) {
    if (this.view.layers.length) return this.makeFrame(window, painted);
    const key = window.join(" ");
    const found = this.frames.get(key) ?? this.makeFrame(window, painted);
    if (this.frames.size < FRAMES_KEPT) this.frames.set(key, found);
    return found;
  }

  /** @param {DayWindow} window @param {LegendEntry[]} painted @returns {Frame} */
  makeFrame(window, painted) {
    const mask = matchWindow(this.days, window, this.undated);
    const chosen = [...mask.keys()].filter((at) => mask[at]);
    const features = chosen.map((at) => this.claims.features[at]);
    const masks = new Map([...this.layerDays].map(([name, rows]) => (
      [name, matchWindow(rows, window, !this.datedOnly.has(name))])));
    const shown = new Map([...masks].map(([name, bits]) => [name, bits.reduce((sum, bit) => sum + bit, 0)]));
    const { days, spans, undated, totals } = this.count(chosen);
    const ids = features.map(({ id }) => id);
    const titles = this.view.layers.flatMap((name) => (shown.has(name)
      ? [{ title: this.data.layers[name]?.title ?? name, shown: shown.get(name) ?? 0 }] : []));
    const late = this.view.layers.some((name) => !shown.has(name));
    const words = frameWords(this.data, { ids, features, days: totals, layers: titles, late }, this.heading, window);
    const legend = [...this.claimLegend(chosen), ...this.layerLegend(shown, painted)];
    return { claims: { ...this.claims, features, legend, days, spans, undated, explained: words.explained }, masks, ids, words };
  }

  /** The bars and spans of some claims. @param {number[]} chosen */
  count(chosen) {
    /** @type {Map<string, number>} */
    const found = new Map();
    for (const at of chosen) found.set(this.counted[at], (found.get(this.counted[at]) ?? 0) + 1);
    const all = this.claims;
    /** @type {DayCount[]} */
    const days = all.days.map(([day, shown, other]) => {
      const now = found.get(`${day} ${day}`) ?? 0;
      return [day, now, shown + other - now];
    });
    /** @type {SpanCount[]} */
    const spans = all.spans.map(([first, last, shown, other]) => {
      const now = found.get(`${first} ${last}`) ?? 0;
      return [first, last, now, shown + other - now];
    });
    /** @type {DayTotals} */
    const totals = { on_days: 0, in_spans: 0, background: found.get(BACKGROUND) ?? 0, undated: found.get("") ?? 0 };
    for (const [key, count] of found) {
      const [first, last] = key.split(" ");
      if (last) totals[first === last ? "on_days" : "in_spans"] += count;
    }
    const [shown, other] = all.undated ?? [0, 0];
    /** @type {[shown: number, other: number]} */
    const undated = [totals.undated, shown + other - totals.undated];
    return { days, spans, undated, totals };
  }

  /** @param {number[]} chosen @returns {LegendEntry[]} */
  claimLegend(chosen) {
    const { entries, kinds, kind, ratings, notRated } = this.data;
    /** @type {Map<number, number>} */
    const counts = new Map();
    for (const at of chosen) for (const [entry, count] of kinds[kind[at]]) counts.set(entry, (counts.get(entry) ?? 0) + count);
    const marked = entries.flatMap((entry, at) => (counts.has(at) ? [{ ...entry, count: counts.get(at) ?? 0 }] : []));
    const rated = ratings.flatMap((rating) => this.ratingEntry(rating, chosen));
    const unrated = chosen.filter((at) => ratings.every(({ of }) => of[at] < 0)).length;
    const rest = rated.length && unrated ? [{ group: "rating", ...notRated, count: unrated }] : [];
    return [...marked, ...rated, ...rest];
  }

  /** @param {PlaybackRating} rating @param {number[]} chosen @returns {LegendEntry[]} */
  ratingEntry({ key, title, terms, of }, chosen) {
    const rated = chosen.filter((at) => of[at] >= 0);
    const found = [...new Set(rated.map((at) => of[at]))].sort((a, b) => a - b).map((at) => terms[at]);
    if (!found.length) return [];
    const few = found.length <= 2;
    const listed = few ? found.map(([full]) => full).join(", ") : `${found[0][1]} … ${found[found.length - 1][1]}`;
    return [{ group: "rating", key, label: `${title}: ${listed}`, count: rated.length }];
  }

  /** @param {Map<string, number>} shown @param {LegendEntry[]} painted @returns {LegendEntry[]} */
  layerLegend(shown, painted) {
    return this.view.layers.flatMap((name) => {
      const count = shown.get(name);
      const known = this.data.layers[name];
      if (count === undefined || !known?.some || !known.none) return painted.filter(({ group, key }) => key === name && ["layer", "shades"].includes(group));
      return [{ ...(count ? known.some : known.none), count }];
    });
  }
}
