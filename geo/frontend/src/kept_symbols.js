/* Symbols that stay on the map from one frame of playback to the next. */

const MOST_KEPT = 600; // symbols of frames before

/** Symbols of the frames before, by all that they depend on. */
export class KeptSymbols {
  constructor() {
    /** @type {Map<string, any>} those used longest ago first */
    this.all = new Map();
  }

  /** @template T
   * @param {string} key @param {() => T} make @returns {T} */
  take(key, make) {
    const found = this.all.get(key) ?? make();
    this.all.delete(key);
    this.all.set(key, found);
    return found;
  }

  /** Whether what comes further would push out what came first. */
  get full() { return this.all.size >= MOST_KEPT; }

  /** The frame is drawn: forget those that were not drawn for long. */
  turn() {
    for (const key of this.all.keys()) {
      if (this.all.size <= MOST_KEPT) return;
      this.all.delete(key);
    }
  }
}
