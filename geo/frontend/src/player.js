/* The clock of playback: which windows of days follow each other, and when. It draws nothing: whoever
   makes it says what a frame is, and what to do when it stops. */

const DAY = 86400000; // milliseconds
const REST = 400; // milliseconds after the last of several steps, before it counts as stopped

/** @typedef {[from: string, to: string]} DayWindow ISO days, both included */
/** @typedef {{ days: number, seconds: number, loop: boolean, from: string, to: string, earliest: string }} PlaySettings
 * `days` of a window, `seconds` that it is shown; `from` and `to` are the days that are played, `earliest` is the first
 * day that a step back may reach */
/** @typedef {{ frame(window: DayWindow): void, stopped(window: DayWindow | null): void, changed?(): void }} PlayHandlers
 * `stopped` is called once when it pauses, ends, or rests after steps; `changed` when it starts or stops */

/** @param {string} day @param {number} by */
export const shiftDay = (day, by) => new Date(Date.parse(day) + by * DAY).toISOString().slice(0, 10);

/** How many days a window has. @param {string} from @param {string} to */
export const countDays = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / DAY) + 1;

/** Windows of some days that follow each other; the last one is cut at `last`. The same rule as geo/playback.py.
 * @param {string} first @param {string} last @param {number} days @returns {DayWindow[]} */
export function listWindows(first, last, days) {
  /** @type {DayWindow[]} */
  const windows = [];
  const step = Math.max(1, Math.floor(days));
  for (let from = first; from && from <= last; from = shiftDay(from, step)) {
    const to = shiftDay(from, step - 1);
    windows.push([from, to < last ? to : last]);
  }
  return windows;
}

/** The days to play: those of the view if they are more than one step, else from its first day to the last there is.
 * The same rule as geo/playback.py.
 * @param {{from?: string, to?: string}} view @param {DayWindow | null} extent @param {number} days
 * @returns {DayWindow | null} null if nothing has a day */
export function daysToPlay({ from, to }, extent, days) {
  const [first, last] = extent ?? [];
  const start = from || (first && (to && to < first ? to : first)) || to;
  if (!start) return null;
  if (to && countDays(start, to) > days) return [start, to];
  const ends = [start, to || start, last || start].sort();
  return [start, ends[2]];
}

export class Player {
  /** @param {MapState} state @param {PlayHandlers} handlers */
  constructor(state, handlers) {
    this.state = state;
    this.handlers = handlers;
    /** @type {PlaySettings} */
    this.settings = { days: 1, seconds: 1, loop: false, from: "", to: "", earliest: "" };
    /** @type {DayWindow | null} the frame that is shown; null before the first */
    this.shown = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.resting = undefined;
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.pause(); });
  }

  get playing() { return this.timer !== undefined; }

  /** @param {Partial<PlaySettings>} given */
  set(given) {
    Object.assign(this.settings, given);
    this.windows = listWindows(this.settings.from, this.settings.to, this.settings.days);
  }

  /** Where the frame that is shown is among the windows; -1 for none of them. */
  get position() {
    const { shown } = this;
    return shown ? (this.windows ?? []).findIndex(([from, to]) => from === shown[0] && to === shown[1]) : -1;
  }

  /** Play from the frame that is shown, or from the first one after the last. */
  play() {
    if (this.playing || !this.windows?.length) return;
    clearTimeout(this.resting);
    this.resting = undefined;
    if (this.position === this.windows.length - 1) this.shown = null;
    this.timer = setTimeout(() => {}, 0);
    this.handlers.changed?.();
    this.advance();
  }

  /** Show the next window, and wait; a frame never comes earlier than the one before was shown long enough. */
  advance() {
    const windows = this.windows ?? [];
    const at = this.position + 1;
    const next = windows[at] ?? (this.settings.loop ? windows[0] : undefined);
    if (!next) { this.pause(); return; }
    this.show(next);
    const ended = at >= windows.length - 1 && !this.settings.loop;
    if (ended) { this.pause(); return; }
    const again = () => requestAnimationFrame(() => { if (this.playing) this.advance(); });
    this.timer = setTimeout(again, this.settings.seconds * 1000);
  }

  /** @param {DayWindow} window */
  show(window) {
    this.shown = window;
    this.handlers.frame(window);
  }

  pause() {
    if (!this.playing) return;
    this.halt();
    this.handlers.changed?.();
    this.handlers.stopped(this.shown);
  }

  toggle() {
    if (this.playing) this.pause(); else this.play();
  }

  /** Stop without a word to anybody: something else is to be shown now. */
  stop() {
    const was = this.playing;
    this.halt();
    this.shown = null;
    if (was) this.handlers.changed?.();
  }

  halt() {
    clearTimeout(this.timer);
    clearTimeout(this.resting);
    this.timer = undefined;
    this.resting = undefined;
  }

  /** Show the window before or after; what follows a pause of the hand is one stop, however many steps.
   * @param {number} by 1 or -1 */
  step(by) {
    const next = this.neighbour(by);
    this.halt();
    this.handlers.changed?.();
    if (next) this.show(next);
    if (this.shown) this.resting = setTimeout(() => { this.resting = undefined; this.handlers.stopped(this.shown); }, REST);
  }

  /** @param {number} by @returns {DayWindow | undefined} */
  neighbour(by) {
    const windows = this.windows ?? [];
    const { days, earliest } = this.settings;
    if (!this.shown) return windows[by > 0 ? 0 : windows.length - 1];
    const at = this.position + by;
    if (windows[at] && this.position >= 0) return windows[at];
    const [from] = this.shown;
    if (by > 0 || !earliest || from <= earliest) return undefined;
    const before = shiftDay(from, -days);
    this.set({ from: before < earliest ? earliest : before });
    return [this.settings.from, shiftDay(from, -1)];
  }
}
