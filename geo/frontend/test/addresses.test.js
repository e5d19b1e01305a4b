import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { featuresPath, isSameView, requestedView, viewOfAddress } from "../src/addresses.js";
import { configure } from "../src/config.js";

const MESSAGE = { token: "t", v: "7", q: "from=2024-12-10&place=tartus", layers: ["mine"], chosen: "nyt-01" };

beforeEach(() => configure(/** @type {Config} */ (/** @type {Partial<Config>} */ ({
  builtinLayers: ["claims", "places"],
  filterParameters: ["from", "to", "place", "sources", "layer"],
  filterDefaults: { sources: "articles" },
}))));

test("claims and further layers are asked for with the filters, other built-in layers without", () => {
  assert.equal(featuresPath("claims", MESSAGE), "features/claims?from=2024-12-10&place=tartus&v=7");
  assert.equal(featuresPath("mine", MESSAGE), "features/mine?from=2024-12-10&place=tartus&v=7");
  assert.equal(featuresPath("places", MESSAGE), "features/places?v=7");
  assert.equal(featuresPath("claims", { q: "", v: "7" }), "features/claims?v=7");
});

test("a view has the days of its query", () => {
  const view = requestedView({ token: "t", v: "7", q: "from=2024-12-10&to=2024-12-12" });
  assert.deepEqual([view.from, view.to, view.layers], ["2024-12-10", "2024-12-12", []]);
});

test("an address gives the filters in their order, without defaults and without what does not filter", () => {
  const address = new URLSearchParams("at=1,2,3&sources=articles&layer=mine&layer=places&place=a&place=b&from=2024-12-11&claim=x");
  const view = viewOfAddress(address, requestedView(MESSAGE), []);
  assert.equal(view.q, "from=2024-12-11&place=a&place=b&layer=mine&layer=places");
  assert.deepEqual([view.from, view.to, view.chosen, view.layers], ["2024-12-11", undefined, "x", ["mine"]]);
  assert.equal(view.v, "7");
});

test("the places of a page replace those of its address", () => {
  assert.equal(viewOfAddress(new URLSearchParams("place=a"), requestedView(MESSAGE), ["b", "c"]).q, "place=b&place=c");
});

test("views differ by filters, choice, days, layers, tiles and scene, and by nothing else", () => {
  const view = requestedView(MESSAGE);
  assert.ok(isSameView(view, { ...view, token: "other", at: [1, 2, 3] }));
  const scene = { key: "a", bounds: /** @type {[[number, number], [number, number]]} */ ([[0, 0], [1, 1]]), scenery: [], towns: [], listed: false };
  const others = [
    { q: "" }, { v: "8" }, { chosen: "x" }, { from: "2024-12-01" }, { to: "2024-12-31" }, { layers: [] },
    { tiles: { url: "u", title: "", host: "", maxZoom: 1, attribution: "" } }, { names: /** @type {const} */ ("ar") }, { scene },
  ];
  for (const other of others) assert.ok(!isSameView(view, { ...view, ...other }), JSON.stringify(other));
});
