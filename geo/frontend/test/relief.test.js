import assert from "node:assert/strict";
import { test } from "node:test";
import { reliefStrength } from "../src/relief.js";

const ZOOMS = { full: 11, gone: 12.5 };

test("the relief is whole up to a zoom, and fades out above it", () => {
  for (const [zoom, part] of [[2, 1], [8, 1], [11, 1], [11.75, 0.5], [12.5, 0], [17, 0]]) {
    assert.equal(reliefStrength(zoom, ZOOMS), part);
  }
});
