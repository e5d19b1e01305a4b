import assert from "node:assert/strict";
import { test } from "node:test";
import { choosePlan } from "../src/fit_items.js";

/** @param {number} width @param {number} height */
const plan = (width, height) => ({ width, height, head: 10, foot: 5, scenes: [] });
const PLANS = [plan(100, 56.25), plan(90, 56.25), plan(90, 67.5), plan(90, 90)];

test("a window takes the largest planned canvas inside it", () => {
  /** @type {Array<[number, number, CanvasPlan]>} */
  const windows = [
    [100, 56.25, PLANS[0]], [130, 56.25, PLANS[0]], [95, 56.25, PLANS[1]], [90, 67.5, PLANS[2]],
    [90, 70, PLANS[2]], [90, 120, PLANS[3]], [99.995, 56.249, PLANS[0]],
  ];
  for (const [width, height, expected] of windows) assert.equal(choosePlan(PLANS, width, height), expected, `${width} x ${height}`);
});

test("a deck without plans, or a smaller canvas, has none", () => {
  assert.equal(choosePlan(undefined, 100, 60), undefined);
  assert.equal(choosePlan(PLANS, 80, 50), undefined);
});
