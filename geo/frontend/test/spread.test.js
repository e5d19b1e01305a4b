import assert from "node:assert/strict";
import { test } from "node:test";
import { spreadSymbols } from "../src/spread.js";

/** @param {string} id @param {number} x @param {number} weight */
const at = (id, x, weight, fixed = false) => ({ id, x, y: 0, weight, fixed });

test("symbols that are apart stay where they are", () => {
  assert.equal(spreadSymbols([at("a", 0, 5), at("b", 40, 1)], 36).size, 0);
});

test("the symbol with fewer reports is moved, and never one that is fixed", () => {
  assert.deepEqual([...spreadSymbols([at("few", 2, 1), at("many", 0, 9)], 36).keys()], ["few"]);
  assert.deepEqual([...spreadSymbols([at("few", 2, 1, true), at("many", 0, 9)], 36).keys()], ["many"]);
});

test("a dozen symbols of one spot are kept apart, whatever their order", () => {
  const symbols = Array.from({ length: 12 }, (_, i) => at(`s${i}`, 0, i));
  const moved = spreadSymbols(symbols, 36);
  const spots = symbols.map(({ id }) => moved.get(id) ?? [0, 0]);
  for (const [i, [x, y]] of spots.entries()) {
    for (const [ox, oy] of spots.slice(i + 1)) assert.ok(Math.hypot(x - ox, y - oy) >= 36);
  }
  assert.deepEqual(spreadSymbols([...symbols].reverse(), 36), moved);
});
