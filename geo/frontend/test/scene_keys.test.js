import assert from "node:assert/strict";
import { test } from "node:test";
import { stepOf } from "../src/scene_keys.js";

/** @param {string} key @param {boolean} [shiftKey] */
const step = (key, shiftKey = false) => stepOf(/** @type {KeyboardEvent} */ ({ key, shiftKey }));

test("keys lead on, back, to the first and to the last scene", () => {
  for (const key of ["ArrowRight", "ArrowDown", " ", "PageDown", "Enter", "n", "N"]) assert.equal(step(key), "next", key);
  for (const key of ["ArrowLeft", "ArrowUp", "PageUp", "Backspace", "p", "P"]) assert.equal(step(key), "previous", key);
  assert.deepEqual([step("Home"), step("End")], ["first", "last"]);
});

test("shift and space lead back", () => assert.equal(step(" ", true), "previous"));

test("no other key leads anywhere", () => {
  for (const key of ["s", "Escape", "Tab", "F5", "a"]) assert.equal(step(key), null, key);
});
