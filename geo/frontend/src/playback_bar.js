/* The buttons of playback, in the head of the histogram. */
import { button, element, named, shape, svg } from "./dom.js";

const STEPS = [1, 3, 7]; // days
const SPEEDS = [2, 1, 0.5, 0.25]; // seconds a step
const SHAPES = {
  play: "M4 2.5 L13 8 L4 13.5 Z", pause: "M4 3 H7 V13 H4 Z M9.5 3 H12.5 V13 H9.5 Z",
  back: "M11 3 L5 8 L11 13 Z", forward: "M5 3 L11 8 L5 13 Z",
};

/** @typedef {{ toggle(): void, step(by: number): void, set(chosen: Partial<Playback>): void }} BarHandlers
 * @typedef {{ days: number, seconds: number, loop: boolean, playing: boolean, reason: string }} BarState
 * `reason`: why nothing can be played; empty where it can */

/** @param {keyof typeof SHAPES} name */
const icon = (name) => svg(12, "0 0 16 16", shape("path", { d: SHAPES[name], fill: "currentColor" }));

/** @param {number} days */
const stepWords = (days) => (days === 1 ? "1 day" : days === 7 ? "1 week" : `${days} days`);

/** @param {number} seconds */
const speedWords = (seconds) => `${seconds} s`;

/** @param {string} label @param {number[]} values @param {(value: number) => string} words @param {(value: number) => void} chosen */
function chooser(label, values, words, chosen) {
  const node = named(element("select", "play-choice"), label);
  node.addEventListener("change", () => chosen(Number(node.value)));
  /** @param {number} value */
  const show = (value) => {
    const all = [...new Set([...values, value])].sort((a, b) => a - b);
    if (node.options.length !== all.length || ![...node.options].some((one) => Number(one.value) === value)) {
      node.replaceChildren(...all.map((one) => Object.assign(element("option", "", words(one)), { value: String(one) })));
    }
    node.value = String(value);
  };
  return { node, show };
}

export class PlaybackBar {
  /** @param {BarHandlers} handlers */
  constructor({ toggle, step, set }) {
    this.main = button("play-toggle", "", toggle);
    const back = button("play-step", "", () => step(-1));
    const forward = button("play-step", "", () => step(1));
    named(back, "Step back").append(icon("back"));
    named(forward, "Step forward").append(icon("forward"));
    this.steps = [back, forward];
    this.days = chooser("Step of playback", STEPS, stepWords, (days) => set({ days }));
    this.seconds = chooser("Time of a step", SPEEDS, speedWords, (seconds) => set({ seconds }));
    this.loop = element("input");
    this.loop.type = "checkbox";
    this.loop.addEventListener("change", () => set({ loop: this.loop.checked }));
    const loop = element("label", "play-loop", this.loop, element("span", "", "loop"));
    loop.title = "Begin again after the last day";
    this.note = element("span", "play-note");
    this.live = element("span", "play-live");
    this.live.setAttribute("aria-live", "polite");
    this.node = element("div", "playback", back, this.main, forward, this.days.node, this.seconds.node, loop, this.note, this.live);
    this.node.setAttribute("role", "group");
    this.node.setAttribute("aria-label", "Play the days");
  }

  /** @param {BarState} state */
  show({ days, seconds, loop, playing, reason }) {
    this.days.show(days);
    this.seconds.show(seconds);
    this.loop.checked = loop;
    for (const node of [this.main, ...this.steps]) node.disabled = Boolean(reason);
    this.node.title = reason;
    if (this.main.getAttribute("aria-pressed") === String(playing)) return;
    this.main.setAttribute("aria-pressed", String(playing));
    this.main.setAttribute("aria-label", "Play the days");
    this.main.title = playing ? "Pause (space)" : "Play the days (space); then the arrow keys step";
    this.main.replaceChildren(icon(playing ? "pause" : "play"), element("span", "play-word", playing ? "Pause" : "Play"));
  }

  /** @param {string} text of what is not shown yet; empty for none */
  tell(text) {
    if (this.note.textContent !== text) this.note.textContent = text;
  }

  /** @param {string} text for a screen reader */
  announce(text) {
    this.live.textContent = text;
  }
}
