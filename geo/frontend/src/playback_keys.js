/* The keys of playback, while the map or the histogram has the focus: space plays and pauses; once it has played, the
   arrows step. Fields, buttons and the days of the histogram keep their own keys. */

/** @typedef {{ engaged: boolean, toggle(): void, step(by: number): void }} Keyed */

const STEPS = /** @type {Record<string, number>} */ ({ ArrowLeft: -1, ArrowRight: 1 });

/** @param {Keyed} playback */
export function listenToKeys(playback) {
  document.addEventListener("keydown", (event) => {
    const at = /** @type {Element | null} */ (event.target);
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented) return;
    if (!at || at.closest("input, select, textarea, .day")) return;
    const step = STEPS[event.key];
    if (event.key === " " && !at.closest("button, a")) playback.toggle();
    else if (step && (playback.engaged || at.closest(".playback"))) playback.step(step);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, { capture: true });
}
