import assert from "node:assert/strict";
import { test } from "node:test";
import { boxBeside, fits, freeSide, isCovered, overlap } from "../src/label_layout.js";
/** @import { Box, Side } from "../src/label_layout.js" */

const AT = { x: 100, y: 50 };
const FRAME = { x: 200, y: 100 };
const SIZE = { width: 40, height: 16 };

test("a label is 8 pixels from its symbol, on the side that is asked for", () => {
  assert.deepEqual(boxBeside(AT, "right", 40, 16), [108, 42, 148, 58]);
  assert.deepEqual(boxBeside(AT, "left", 40, 16), [52, 42, 92, 58]);
  assert.deepEqual(boxBeside(AT, "top", 40, 16), [80, 26, 120, 42]);
  assert.deepEqual(boxBeside(AT, "bottom", 40, 16), [80, 58, 120, 74]);
});

test("a box on every side has the label's size and is clear of the symbol", () => {
  for (const side of /** @type {Side[]} */ (["right", "left", "top", "bottom"])) {
    const [left, top, right, bottom] = boxBeside(AT, side, 40, 16);
    assert.deepEqual([right - left, bottom - top], [40, 16], side);
    assert.ok(!(left < AT.x && AT.x < right && top < AT.y && AT.y < bottom), side);
  }
});

test("boxes overlap when they are nearer than 4 pixels in both directions", () => {
  /** @type {Box} */
  const box = [0, 0, 10, 10];
  assert.ok(overlap(box, [13, 0, 20, 10]));
  assert.ok(overlap([13, 0, 20, 10], box));
  assert.ok(!overlap(box, [14, 0, 20, 10]));
  assert.ok(overlap(box, [0, 13, 10, 20]));
  assert.ok(overlap([0, 13, 10, 20], box));
  assert.ok(!overlap(box, [0, 14, 10, 20]));
  assert.ok(!overlap([0, 14, 10, 20], box));
  assert.ok(!overlap([14, 0, 20, 10], box));
  assert.ok(overlap(box, [2, 2, 4, 4]), "one inside the other");
});

test("a box fits a frame only with its margin", () => {
  assert.ok(fits([3, 3, 197, 97], FRAME, 2));
  assert.ok(!fits([2, 3, 197, 97], FRAME, 2));
  assert.ok(!fits([3, 3, 198, 97], FRAME, 2));
  assert.ok(!fits([3, 3, 197, 98], FRAME, 2));
});

test("a label goes to the preferred side where there is room", () => {
  assert.deepEqual(freeSide(AT, "top", SIZE, FRAME, []), { side: "top", box: [80, 26, 120, 42] });
});

test("a label whose side is taken goes to the next one, right before left before top before bottom", () => {
  /** @type {Box[]} */
  const taken = [];
  for (const side of ["bottom", "right", "left", "top"]) {
    assert.equal(freeSide(AT, "bottom", SIZE, FRAME, taken)?.side, side);
    taken.push(boxBeside(AT, /** @type {Side} */ (side), 4, 2));
  }
  assert.equal(freeSide(AT, "bottom", SIZE, FRAME, taken), null);
});

test("a label does not leave the frame", () => {
  assert.equal(freeSide({ x: 190, y: 50 }, "right", SIZE, FRAME, [])?.side, "left");
  assert.equal(freeSide({ x: 100, y: 5 }, "right", SIZE, { x: 120, y: 20 }, []), null);
});

test("a spot under a box or at the frame's edge is covered", () => {
  assert.ok(isCovered({ x: 5, y: 50 }, FRAME, []));
  assert.ok(isCovered({ x: 100, y: 95 }, FRAME, []));
  assert.ok(isCovered(AT, FRAME, [[90, 40, 110, 60]]));
  for (const beside of /** @type {Box[]} */ ([[100, 40, 110, 60], [90, 40, 100, 60], [90, 50, 110, 60], [90, 40, 110, 50]])) {
    assert.ok(!isCovered(AT, FRAME, [beside]), `${beside}: an edge does not cover`);
  }
  assert.ok(!isCovered(AT, FRAME, []));
});
