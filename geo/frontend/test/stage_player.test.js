/* A scene's window has its own words, counts and features; the scene itself is not changed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { dataOf, slideOf } from "../src/stage_player.js";

const FRAME = /** @type {StageFrame} */ ({
  days: ["2024-12-08", "2024-12-09"], window: "8–9 December 2024", counted: "1 of 3 reports", counts: [1, 0],
  questions: ["b"], ids: ["two"], layers: { ports: ["7"] },
});

test("words and counts are those of the window", () => {
  const slide = /** @type {any} */ ({
    window: "all", counted: "3 of 3 reports", unseen: "frigate", legend: [{ key: "x", count: 2 }, { key: "y", count: 1 }],
    questions: [{ id: "a" }, { id: "b" }], sources: ["A paper"],
  });
  const shown = slideOf(slide, FRAME);
  assert.equal(shown.window, "8–9 December 2024");
  assert.deepEqual(shown.legend.map(({ count }) => count), [1, 0]);
  assert.deepEqual(shown.questions, [{ id: "b" }]);
  assert.equal(shown.unseen, "");
  assert.ok(shown.part);
  assert.deepEqual(shown.sources, ["A paper"]);
  assert.equal(slide.legend[0].count, 2);
});

test("claims and features of layers are those of the window; what is drawn as density stays", () => {
  const data = /** @type {any} */ ({
    claims: { token: "t", features: [{ id: "one" }, { id: "two" }] },
    layers: [{ features: [{ id: "7" }, { id: "8" }] }, { density: true, features: [{ id: "9" }] }],
  });
  const shown = dataOf(data, ["ports", "ships"], FRAME);
  assert.deepEqual(shown.claims.features, [{ id: "two" }]);
  assert.deepEqual(shown.layers[0].features, [{ id: "7" }]);
  assert.equal(shown.layers[1], data.layers[1]);
  assert.equal(data.claims.features.length, 2);
});
