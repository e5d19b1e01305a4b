import assert from "node:assert/strict";
import test from "node:test";
import { addressOf, losesCamera } from "../src/page.js";

const HERE = "https://example.org/ops/map/overview?sources=all&at=35,36,8";

test("a link on the same page keeps the camera", () => {
  const to = addressOf("./overview?sources=all&claim=nyt-01", HERE);
  assert.equal(to.searchParams.get("at"), "35,36,8");
  assert.equal(to.searchParams.get("claim"), "nyt-01");
});

test("a link to another page has no camera, and stays below the path", () => {
  const to = addressOf("./conflicts?sources=all#question-s400-state", HERE);
  assert.equal(to.href, "https://example.org/ops/map/conflicts?sources=all#question-s400-state");
});

test("a camera of the link itself is kept", () => {
  assert.equal(addressOf("./overview?at=34,35,7", HERE).searchParams.get("at"), "34,35,7");
});

test("the same address without its camera is no step of its own", () => {
  assert.ok(losesCamera("/ops/map/overview?sources=all", HERE));
  assert.ok(losesCamera("./overview?q=x&sources=all", "https://example.org/overview?sources=all&at=1,2,3&q=x"));
});

test("another page, filter, camera or anchor is a step", () => {
  for (const other of ["./tartus?sources=all", "./overview?sources=articles", "./overview?sources=all&q=radar",
    "./overview?sources=all&at=34,35,7", "./overview?sources=all&screen=800x600"]) {
    assert.ok(!losesCamera(other, HERE), other);
  }
  assert.ok(!losesCamera("./overview?sources=all#table", "https://example.org/overview?sources=all"));
});
