import assert from "node:assert/strict";
import { test } from "node:test";
import { describeTiles } from "../src/tile_words.js";

const SOURCE = { title: "Street map", host: "tiles.example.org" };

test("nothing is said while tiles come", () => {
  assert.equal(describeTiles(SOURCE, { loaded: 9, failed: 0, slow: false }), "");
  assert.equal(describeTiles(SOURCE, { loaded: 0, failed: 0, slow: false }), "");
});

test("the word names the tiles, the server, what is shown and what to do", () => {
  const word = describeTiles(SOURCE, { loaded: 0, failed: 4, slow: false });
  for (const part of ["Street map", "tiles.example.org", "drawn map is in its place", "Choose"]) assert.ok(word.includes(part), part);
});

test("tiles that are late or missing in part have words of their own", () => {
  assert.match(describeTiles(SOURCE, { loaded: 0, failed: 0, slow: true }), /slow/);
  assert.match(describeTiles(SOURCE, { loaded: 3, failed: 1, slow: false }), /^Parts of Street map/);
  assert.equal(describeTiles(SOURCE, { loaded: 3, failed: 0, slow: true }), "");
});
