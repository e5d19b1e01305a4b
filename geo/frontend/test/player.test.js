/* Windows of playback, and the clock that shows them. */
import assert from "node:assert/strict";
import { beforeEach, describe, it, mock } from "node:test";
import { Player, daysToPlay, listWindows } from "../src/player.js";

/** @type {any} */
const nothing = {};

const page = /** @type {any} */ (globalThis);

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  page.document = { addEventListener() {}, hidden: false };
  page.requestAnimationFrame = (/** @type {() => void} */ run) => run();
});

/** @param {number} milliseconds */
function pass(milliseconds) {
  for (let at = 0; at < milliseconds; at += 100) mock.timers.tick(100);
}

/** @param {object} settings */
function recorded(settings) {
  /** @type {string[]} */
  const seen = [];
  const player = new Player(nothing, {
    frame: ([from, to]) => seen.push(`${from.slice(8)}-${to.slice(8)}`),
    stopped: (window) => seen.push(`stop ${window?.[0].slice(8)}`),
  });
  player.set({ days: 2, seconds: 1, from: "2024-12-01", to: "2024-12-05", earliest: "2024-11-30", ...settings });
  return { seen, player };
}

describe("windows", () => {
  it("follow each other, the last one cut", () => {
    assert.deepEqual(listWindows("2024-12-30", "2025-01-03", 3), [["2024-12-30", "2025-01-01"], ["2025-01-02", "2025-01-03"]]);
    assert.equal(listWindows("2024-02-28", "2024-03-01", 1).length, 3);
    assert.deepEqual(listWindows("2024-12-03", "2024-12-01", 1), []);
    assert.deepEqual(listWindows("", "", 1), []);
  });
  it("are of the view's days if they are more than a step", () => {
    /** @type {[string, string]} */
    const extent = ["2024-12-01", "2024-12-31"];
    assert.deepEqual(daysToPlay({ from: "2024-12-05", to: "2024-12-09" }, extent, 3), ["2024-12-05", "2024-12-09"]);
    assert.deepEqual(daysToPlay({ from: "2024-12-05", to: "2024-12-07" }, extent, 3), ["2024-12-05", "2024-12-31"]);
    assert.deepEqual(daysToPlay({}, extent, 3), extent);
    assert.deepEqual(daysToPlay({ from: "2030-01-01" }, extent, 3), ["2030-01-01", "2030-01-01"]);
    assert.equal(daysToPlay({}, null, 1), null);
  });
});

describe("the player", () => {
  it("shows each window once, and stops once", () => {
    const { seen, player } = recorded({});
    player.play();
    pass(10000);
    assert.deepEqual(seen, ["01-02", "03-04", "05-05", "stop 05"]);
    assert.equal(player.playing, false);
  });
  it("begins again after the end, and goes round in a loop", () => {
    const { seen, player } = recorded({ loop: true });
    player.play();
    pass(3000);
    player.pause();
    assert.deepEqual(seen, ["01-02", "03-04", "05-05", "01-02", "stop 01"]);
  });
  it("goes on from where it paused", () => {
    const { seen, player } = recorded({});
    player.play();
    player.pause();
    player.toggle();
    assert.deepEqual(seen, ["01-02", "stop 01", "03-04"]);
  });
  it("counts several steps as one stop, and steps back to the first day there is", () => {
    const { seen, player } = recorded({});
    player.step(1);
    player.step(1);
    player.step(-1);
    player.step(-1);
    player.step(-1);
    pass(1000);
    assert.deepEqual(seen, ["01-02", "03-04", "01-02", "30-30", "stop 30"]);
  });
  it("stops without a word where something else is shown", () => {
    const { seen, player } = recorded({});
    player.play();
    player.stop();
    pass(5000);
    assert.deepEqual(seen, ["01-02"]);
  });
});
