import assert from "node:assert/strict";
import { test } from "node:test";
import { runwayNames, sidesOfEnd } from "../src/airfield.js";
import { crosses } from "../src/label_layout.js";

/** @param {number} lat @param {number} lng */
const spot = (lat, lng) => /** @type {L.LatLng} */ ({ lat, lng });
const NORTH = spot(35.414, 35.9475);
const SOUTH = spot(35.389, 35.9494);
/** @param {string} designator @param {{ from: L.LatLng, to: L.LatLng }} axis */
const named = (designator, axis) => runwayNames({ kind: "runway", designator }, axis, []);

test("a number is at the end from which its heading leads along the strip", () => {
  const [first, second] = named("17R/35L", { from: SOUTH, to: NORTH });
  assert.deepEqual([first.text, first.lat], ["17R", NORTH.lat]);
  assert.deepEqual([second.text, second.lat], ["35L", SOUTH.lat]);
  const turned = named("35/17", { from: NORTH, to: SOUTH });
  assert.deepEqual(turned.map(({ text, lat }) => [text, lat]), [["35", SOUTH.lat], ["17", NORTH.lat]]);
});

test("a strip from west to east has its numbers beyond its ends too", () => {
  const [first, second] = named("09/27", { from: spot(10, 179), to: spot(10, 179.04) });
  assert.deepEqual([first.lon, first.sides[0]], [179, "left"]);
  assert.deepEqual([second.lon, second.sides[0]], [179.04, "right"]);
});

test("what is no pair of numbers is one name", () => {
  for (const text of ["", "main", "17R", "N/S", "17/35/17"]) {
    const names = named(text, { from: SOUTH, to: NORTH });
    assert.deepEqual(names.map((one) => [one.text, one.lat]), [[text, NORTH.lat]]);
  }
});

test("beside a strip the outer side comes first", () => {
  assert.deepEqual(sidesOfEnd(NORTH, SOUTH, "east"), { beyond: ["top-right", "top"], beside: ["right", "left"] });
  assert.deepEqual(sidesOfEnd(SOUTH, NORTH, "west"), { beyond: ["bottom-left", "bottom"], beside: ["left", "right"] });
});

test("a line crosses a box that it passes through, touches or is inside of", () => {
  /** @param {number[][]} line */
  const on = (line) => crosses(line.map(([x, y]) => ({ x, y })), [10, 10, 20, 20]);
  assert.ok(on([[0, 15], [30, 15]]), "through it, with no corner inside");
  assert.ok(on([[12, 12], [18, 18]]), "inside it");
  assert.ok(on([[0, 0], [12, 12]]), "into it");
  assert.ok(on([[10, 0], [10, 30]]), "along its edge");
  assert.ok(!on([[0, 0], [30, 5]]), "above it");
  assert.ok(!on([[0, 22], [22, 0], [30, 30]].slice(1)), "beside it");
  assert.ok(!on([[15, 15]]), "one spot is no line");
});
