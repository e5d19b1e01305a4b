import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseNumbers, nameEvery } from "../src/histogram_texts.js";

/** @param {number[]} counts @param {number} high pixels of the highest bar */
const days = (counts, high = 40) => counts.map((count) => ({ count, height: (high * count) / Math.max(...counts) }));

test("all numbers are there where there is room", () => {
  assert.deepEqual([...chooseNumbers(days([1, 12, 3]), 60)].sort(), [0, 1, 2]);
});

test("of numbers that would lie on each other the largest stays", () => {
  assert.deepEqual([...chooseNumbers(days([3, 4, 3]), 5)], [1]);
});

test("a number beside a higher bar that it would lie on is left out", () => {
  assert.ok(!chooseNumbers(days([47, 1]), 4).has(1));
  assert.ok(chooseNumbers(days([47, 1]), 30).has(1));
});

test("numbers at different heights may be above each other", () => {
  const kept = chooseNumbers([{ count: 9, height: 40 }, { count: 8, height: 40 }, { count: 1, height: 2 }], 14);
  assert.deepEqual([...kept].sort(), [0, 1, 2]);
});

test("no two numbers of 400 days lie on each other", () => {
  const counts = Array.from({ length: 400 }, (_, i) => (i * 7919) % 50);
  const column = 300 / 400;
  const kept = [...chooseNumbers(days(counts), column)];
  const all = days(counts);
  for (const [i, one] of kept.entries()) {
    for (const other of kept.slice(i + 1)) {
      const apart = Math.abs(one - other) * column >= 8 || Math.abs(all[one].height - all[other].height) >= 15;
      assert.ok(apart, `${one} and ${other}`);
    }
  }
});

test("days are named as often as there is room", () => {
  assert.equal(nameEvery(6, 100), 1);
  assert.equal(nameEvery(60, 5), 10);
  assert.equal(nameEvery(400, 0.75), 67);
});
