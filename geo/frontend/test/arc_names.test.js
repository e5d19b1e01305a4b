import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { spotsAlong } from "../src/arc_names.js";

/** @type {[number, number][]} */
const LINE = Array.from({ length: 31 }, (_, at) => [at, 0]);

test("the name of an arc is tried at its middle first, and up to both ends", () => {
  const spots = spotsAlong(LINE);
  equal(spots[0][0], 15);
  deepEqual([Math.min(...spots.map(([x]) => x)), Math.max(...spots.map(([x]) => x))], [0, 30]);
  equal(new Set(spots.map(String)).size, spots.length);
});

test("a line of two points has a spot", () => equal(spotsAlong(LINE.slice(0, 2)).length > 0, true));
