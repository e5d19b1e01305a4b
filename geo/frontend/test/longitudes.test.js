import assert from "node:assert/strict";
import { test } from "node:test";
import { unwrapLongitude, wrapLongitude } from "../src/longitudes.js";

test("longitudes of 180 and -180 are both kept", () => {
  assert.deepEqual([180, -180, 181, -181, 540].map(wrapLongitude), [180, -180, -179, 179, -180]);
});

test("a map about 182.5 draws both sides of 180 beside each other", () => {
  assert.deepEqual([175, 180, -180, -170, 2.4].map((lng) => unwrapLongitude(lng, 182.5)), [175, 180, 180, 190, 362.4]);
});

test("a map about Greenwich draws longitudes as they are", () => {
  assert.deepEqual([-180, -34.5, 0, 180].map((lng) => unwrapLongitude(lng, 0)), [-180, -34.5, 0, 180]);
});

test("what is sent is what was drawn, turned back", () => {
  for (const lng of [-179.5, -170, -12, 0, 64, 179.99]) {
    assert.ok(Math.abs(wrapLongitude(unwrapLongitude(lng, 182.5)) - lng) < 1e-9);
  }
});
