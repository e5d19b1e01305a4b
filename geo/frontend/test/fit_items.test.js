import assert from "node:assert/strict";
import { test } from "node:test";
import { paragraphs, splitAnswers, trimToFit } from "../src/fit_items.js";

/**
 * A box of lines, each with a height, and what it says of those left out.
 *
 * @param {number[]} heights
 */
function box(heights) {
  const kept = heights.map((height, i) => ({ height, i }));
  const counts = /** @type {number[]} */ ([]);
  const items = kept.map((item) => ({ remove: () => { kept.splice(kept.indexOf(item), 1); } }));
  const height = () => kept.reduce((sum, item) => sum + item.height, 0);
  /** @param {number} most */
  const fit = (most) => trimToFit(items, (n) => counts.push(n), () => height() <= most);
  return { counts, fit, kept: () => kept.map((item) => item.i) };
}

test("items that fit are left alone", () => {
  const lines = box([10, 10, 10]);
  assert.equal(lines.fit(30), 0);
  assert.deepEqual([lines.kept(), lines.counts], [[0, 1, 2], []]);
});

test("items are removed whole, the last one first, and no more than needed", () => {
  const lines = box([10, 10, 10, 10]);
  assert.equal(lines.fit(25), 2);
  assert.deepEqual(lines.kept(), [0, 1]);
});

test("how many are left out is reported after each item, so that the count's own room is measured", () => {
  const lines = box([10, 10, 10]);
  lines.fit(15);
  assert.deepEqual(lines.counts, [1, 2]);
});

test("nothing is left where not even the first item fits", () => {
  const lines = box([40, 10]);
  assert.equal(lines.fit(20), 2);
  assert.deepEqual(lines.kept(), []);
  assert.equal(box([]).fit(-1), 0);
});

test("blank lines separate paragraphs, single line ends do not", () => {
  assert.deepEqual(paragraphs("one\nstill one\n\ntwo\n  \n\nthree"), ["one\nstill one", "two", "three"]);
  assert.deepEqual(paragraphs("only"), ["only"]);
});

test("answers are split where sources differ, and not at a slash inside a word", () => {
  assert.deepEqual(splitAnswers("An-124 / Il-76 / none"), ["An-124", "Il-76", "none"]);
  assert.deepEqual(splitAnswers("two ships against none"), ["two ships", "none"]);
  assert.deepEqual(splitAnswers("S-300/S-400"), ["S-300/S-400"]);
});
