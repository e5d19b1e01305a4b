import assert from "node:assert/strict";
import { test } from "node:test";
import { hits, touches } from "../src/boxes.js";
import { heightOf, linesIn } from "../src/list_layout.js";
import { homeOf, layOutSites } from "../src/site_layout.js";
/** @import { Box, Side } from "../src/label_layout.js" */
/** @import { Site, SiteLayout } from "../src/site_layout.js" */

const FRAME = { x: 700, y: 400 };
const LIST = { widths: [300, 234], lines: 12, line: 26, pad: 10, more: 20 };
/** @type {Box} */
const EXTENT = [-23, -29, 29, 23];

/** @param {string} id @param {number} x @param {number} y @param {Partial<Site>} [more] @returns {Site} */
const site = (id, x, y, more = {}) => ({
  id, anchor: { x, y }, extent: EXTENT, weight: 3, side: "right", area: false, aside: false, outline: null,
  names: [{ width: 140, height: 24 }, { width: 90, height: 46 }], list: null, button: null, ...more,
});

/** @param {number} seed @returns {() => number} 0 to 1 */
function random(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Everything that was placed, with its owner. @param {SiteLayout} layout */
const boxesOf = (layout) => layout.sites.flatMap(({ id, symbol, name, list, button }) =>
  [symbol?.box, name?.box, list?.box, button].flatMap((box) => (box ? [{ id, box }] : [])));

/** @param {SiteLayout} layout @param {Box[]} obstacles @param {typeof FRAME} frame */
function assertApart(layout, obstacles, frame) {
  const boxes = boxesOf(layout);
  boxes.forEach(({ id, box }, i) => {
    assert.ok(box[0] >= 0 && box[1] >= 0 && box[2] <= frame.x && box[3] <= frame.y, `${id} is inside: ${box}`);
    for (const other of [...boxes.slice(i + 1).map((one) => one.box), ...obstacles]) {
      assert.ok(!touches(box, other), `${id}: ${box} and ${other}`);
    }
  });
  for (const { id, symbol, list } of layout.sites) {
    for (const line of [symbol?.leader, list?.leader]) {
      if (!line) continue;
      for (const { id: other, box } of boxes) if (other !== id) assert.ok(!hits(line, box), `${id}'s line crosses ${other}`);
    }
  }
}

test("a place alone keeps its spot, its name on the side that is asked for, its list below the name", () => {
  const short = { ...LIST, lines: 6 };
  const { sites: [one], unplaced } = layOutSites([site("a", 300, 100, { list: short })], { frame: FRAME, obstacles: [] });
  assert.deepEqual(one.symbol?.at, { x: 300, y: 100 });
  assert.equal(one.symbol?.leader, null);
  assert.equal(one.name?.side, "right");
  assert.equal(one.list?.leader, null);
  assert.equal(one.list?.box[0], one.name?.box[0]);
  assert.deepEqual(unplaced, []);
});

test("of two places on one spot, the one with fewer reports is moved aside, on a line", () => {
  const sites = [site("few", 300, 200, { weight: 1 }), site("many", 301, 200, { weight: 9 })];
  const { sites: [many, few] } = layOutSites(sites, { frame: FRAME, obstacles: [] });
  assert.deepEqual(many.symbol?.at, { x: 301, y: 200 });
  assert.ok(few.symbol?.leader);
});

test("a symbol under the legend is moved from under it", () => {
  /** @type {Box} */
  const legend = [450, 100, 690, 390];
  const layout = layOutSites([site("a", 500, 200), site("b", 480, 150)], { frame: FRAME, obstacles: [legend] });
  assertApart(layout, [legend], FRAME);
  assert.ok(layout.sites.every(({ symbol }) => symbol?.leader));
});

test("a list has as many lines as there is room for, and a button in its place where two do not fit", () => {
  assert.equal(linesIn(LIST, heightOf(LIST, 12)), 12);
  assert.equal(linesIn(LIST, heightOf(LIST, 12) - 1), 11);
  assert.equal(linesIn(LIST, heightOf(LIST, 5) + 25), 5);
  const button = { width: 120, height: 25 };
  const low = layOutSites([site("a", 100, 60, { list: LIST, button })], { frame: { x: 700, y: 220 }, obstacles: [] });
  assert.ok((low.sites[0].list?.lines ?? 0) >= 2);
  const flat = layOutSites([site("a", 100, 60, { list: LIST, button })], { frame: { x: 400, y: 120 }, obstacles: [[130, 0, 400, 34]] });
  assert.equal(flat.sites[0].list, null);
  assert.ok(flat.sites[0].button);
});

test("a list leaves outlines free where it can", () => {
  /** @type {Box} */
  const outline = [100, 150, 320, 390];
  const area = site("area", 210, 150, { area: true, outline, weight: 1 });
  const { sites } = layOutSites([site("a", 300, 100, { list: LIST }), area], { frame: FRAME, obstacles: [] });
  const list = sites.find(({ id }) => id === "a")?.list;
  assert.ok(list && !touches(list.box, outline));
});

test("a list leaves the points of further layers free where it can", () => {
  const given = [site("a", 300, 100, { list: LIST })];
  const alone = layOutSites(given, { frame: FRAME, obstacles: [] }).sites[0].list;
  assert.ok(alone);
  const [left, top] = alone.box;
  /** @type {Box[]} */
  const points = [0, 1, 2].map((n) => [left + 20 + 12 * n, top + 10, left + 30 + 12 * n, top + 20]);
  const list = layOutSites(given, { frame: FRAME, obstacles: [], points }).sites[0].list;
  assert.ok(list && points.every((point) => !touches(list.box, point)));
});

test("a place whose outline alone is in sight has its symbol at the frame's edge; one out of sight has none", () => {
  const far = site("far", 900, -300, { outline: [500, -300, 900, 300] });
  assert.deepEqual(homeOf(far, FRAME), { x: 666, y: 34 });
  assert.equal(homeOf(site("gone", 900, -300), FRAME), null);
  assert.equal(homeOf(site("gone", 900, -300, { outline: [710, -300, 900, 300] }), FRAME), null);
});

test("what has no room is returned by name", () => {
  const crowd = Array.from({ length: 60 }, (_, i) => site(`s${i}`, 60, 60, { weight: i }));
  const { sites, unplaced } = layOutSites(crowd, { frame: { x: 160, y: 160 }, obstacles: [] });
  const complete = sites.filter(({ symbol, name }) => symbol && name).map(({ id }) => id);
  assert.deepEqual([...complete, ...unplaced].sort(), crowd.map(({ id }) => id).sort());
  assert.ok(unplaced.length > 40);
});

test("nothing lies on anything in 300 random crowds, whatever their order", () => {
  const next = random(13);
  for (let round = 0; round < 300; round += 1) {
    const frame = { x: 320 + Math.floor(next() * 900), y: 240 + Math.floor(next() * 500) };
    /** @type {Box[]} */
    const obstacles = [[10, 10, 44, 150], [frame.x - 130, frame.y - 60, frame.x - 10, frame.y - 24]];
    const sites = Array.from({ length: 1 + Math.floor(next() * 40) }, (_, i) => {
      const [x, y] = [Math.round(next() * frame.x), Math.round(next() * frame.y)];
      const area = next() < 0.15;
      return site(`s${i}`, x, y, {
        weight: Math.floor(next() * 50), area, aside: area, side: /** @type {Side} */ (next() < 0.5 ? "left" : "right"),
        outline: area ? [x - 30, y - 20, x + 30, y + 20] : null,
        names: [{ width: 60 + next() * 400, height: 24 }, { width: 100, height: 68 }],
        list: next() < 0.3 && !area ? { ...LIST, lines: 1 + Math.floor(next() * 20) } : null, button: { width: 110, height: 25 },
      });
    });
    const layout = layOutSites(sites, { frame, obstacles });
    assertApart(layout, obstacles, frame);
    const again = layOutSites([...sites].reverse(), { frame, obstacles });
    assert.deepEqual(again, layout);
  }
});
