import assert from "node:assert/strict";
import { test } from "node:test";
import { nextWindows, windowQuery } from "../src/prefetch.js";
/** @import { Days } from "../src/prefetch.js" */

/** @type {Days} */
const EXTENT = ["2024-12-01", "2024-12-20"];

test("a window that moved by a day is expected to move by a day again", () => {
  const now = { from: "2024-12-06", to: "2024-12-08" };
  assert.deepEqual(nextWindows(now, { from: "2024-12-05", to: "2024-12-07" }, EXTENT), [["2024-12-07", "2024-12-09"]]);
  assert.deepEqual(nextWindows(now, { from: "2024-12-08", to: "2024-12-10" }, EXTENT), [["2024-12-04", "2024-12-06"]]);
});

test("one end that moved is expected to move on alone", () => {
  const now = { from: "2024-12-06", to: "2024-12-12" };
  assert.deepEqual(nextWindows(now, { from: "2024-12-06", to: "2024-12-10" }, EXTENT), [["2024-12-06", "2024-12-14"]]);
});

test("a first view is expected to lose a day at either end", () => {
  const steps = [["2024-12-02", "2024-12-20"], ["2024-12-01", "2024-12-19"]];
  assert.deepEqual(nextWindows({}, null, EXTENT), steps);
  assert.deepEqual(nextWindows({}, {}, EXTENT), steps, "the same when nothing moved");
});

test("an open end is the end of all days", () => {
  assert.deepEqual(nextWindows({ to: "2024-12-10" }, { to: "2024-12-09" }, EXTENT), [["2024-12-01", "2024-12-11"]]);
});

test("no window is expected beyond the days there are, and none that ends before it begins", () => {
  assert.deepEqual(nextWindows({ from: "2024-12-18", to: "2024-12-20" }, { from: "2024-12-17", to: "2024-12-19" }, EXTENT), []);
  assert.deepEqual(nextWindows({ from: "2024-12-01", to: "2024-12-03" }, { from: "2024-12-02", to: "2024-12-04" }, EXTENT), []);
  assert.deepEqual(nextWindows({ from: "2024-12-05", to: "2024-12-05" }, { from: "2024-12-04", to: "2024-12-05" }, EXTENT), []);
});

test("windows cross months, and years, and the change of clocks", () => {
  /** @type {Days} */
  const years = ["2024-01-01", "2026-12-31"];
  assert.deepEqual(nextWindows({ from: "2024-12-31", to: "2025-03-30" }, { from: "2024-12-30", to: "2025-03-29" }, years),
    [["2025-01-01", "2025-03-31"]]);
  assert.deepEqual(nextWindows({ from: "2024-02-28", to: "2024-02-28" }, { from: "2024-02-27", to: "2024-02-27" }, years),
    [["2024-02-29", "2024-02-29"]]);
});

test("the query of a window begins with its days and keeps the rest in order", () => {
  const q = "from=2024-12-01&to=2024-12-02&place=tartus&place=khmeimim&q=a+b%26c";
  assert.equal(windowQuery(q, ["2024-12-03", "2024-12-04"], EXTENT),
    "from=2024-12-03&to=2024-12-04&place=tartus&place=khmeimim&q=a+b%26c");
});

test("the query of all days names none", () => {
  assert.equal(windowQuery("from=2024-12-02&to=2024-12-20&system=S-400", EXTENT, EXTENT), "system=S-400");
});
