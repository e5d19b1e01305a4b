import assert from "node:assert/strict";
import { test } from "node:test";
import { brushEnds, dayText, isInside, packSpans, stepPosition } from "../src/day_range.js";

test("a day is written without its year and without a leading zero", () => {
  assert.equal(dayText("2024-12-08"), "8 Dec");
  assert.equal(dayText("2025-01-31"), "31 Jan");
});

test("a brush has the same ends whichever way it is drawn, also over a month's end", () => {
  assert.deepEqual(brushEnds({ from: "2024-12-13", to: "2024-12-10" }), ["2024-12-10", "2024-12-13"]);
  assert.deepEqual(brushEnds({ from: "2024-11-30", to: "2024-12-01" }), ["2024-11-30", "2024-12-01"]);
  assert.deepEqual(brushEnds({ from: "2024-12-12", to: "2024-12-12" }), ["2024-12-12", "2024-12-12"]);
});

test("both ends of a window belong to it, and an end that is missing is open", () => {
  const days = ["2024-12-09", "2024-12-10", "2024-12-11", "2024-12-12", "2024-12-13"];
  assert.deepEqual(days.filter((day) => isInside(day, "2024-12-10", "2024-12-12")), days.slice(1, 4));
  assert.deepEqual(days.filter((day) => isInside(day, "2024-12-12")), days.slice(3));
  assert.deepEqual(days.filter((day) => isInside(day, undefined, "2024-12-10")), days.slice(0, 2));
  assert.deepEqual(days.filter((day) => isInside(day)), days);
});

test("arrow keys step by a day and stay among the days", () => {
  assert.equal(stepPosition(3, "ArrowRight", 10), 4);
  assert.equal(stepPosition(3, "ArrowLeft", 10), 2);
  assert.equal(stepPosition(0, "ArrowLeft", 10), 0);
  assert.equal(stepPosition(9, "ArrowRight", 10), 9);
});

test("no other key steps", () => {
  for (const key of ["Enter", " ", "Escape", "ArrowUp", "a"]) assert.equal(stepPosition(3, key, 10), null, key);
});

test("spans that share a day lie in lanes of their own", () => {
  const spans = [["2024-12-08", "2024-12-13"], ["2024-12-12", "2024-12-13"], ["2024-12-13", "2024-12-14"], ["2024-12-14", "2024-12-17"]]
    .map(([first, last]) => /** @type {SpanCount} */ ([first, last, 1, 0]));
  assert.deepEqual(packSpans(spans), [0, 1, 2, 0]);
  assert.deepEqual(packSpans([]), []);
});
