import assert from "node:assert/strict";
import { test } from "node:test";
import { cached, readFrom, singleFlight, StatusError } from "../src/data_source.js";

/** @param {(path: string) => any} answer */
function counted(answer) {
  /** @type {string[]} */
  const asked = [];
  return { asked, fetchJson: async (/** @type {string} */ path) => { asked.push(path); return answer(path); } };
}

test("an answer is asked for once, and two requests at a time share it", async () => {
  const { asked, fetchJson } = counted((path) => ({ path }));
  const fetchCached = cached(fetchJson);
  const [one, other] = await Promise.all([fetchCached("a"), fetchCached("a")]);
  assert.equal(one, other);
  await fetchCached("a");
  assert.deepEqual(asked, ["a"]);
});

test("a request that failed is sent again", async () => {
  let fails = true;
  const { asked, fetchJson } = counted(() => { if (fails) throw new StatusError("503"); return 1; });
  const fetchCached = cached(fetchJson);
  await assert.rejects(fetchCached("a"), StatusError);
  fails = false;
  assert.equal(await fetchCached("a"), 1);
  assert.deepEqual(asked, ["a", "a"]);
});

test("the oldest answer is forgotten first", async () => {
  const { asked, fetchJson } = counted((path) => path);
  const fetchCached = cached(fetchJson, 2);
  for (const path of ["a", "b", "c", "b", "a"]) await fetchCached(path);
  assert.deepEqual(asked, ["a", "b", "c", "a"]);
});

test("a page without a server answers from its files, and has nothing else", async () => {
  const fetchJson = readFrom({ "features/claims?v=1": { features: [] } });
  assert.deepEqual(await fetchJson("features/claims?v=1"), { features: [] });
  await assert.rejects(fetchJson("features/claims?v=2"), StatusError);
  await assert.rejects(fetchJson("constructor"), StatusError);
});

test("of the requests that come while one is under way, only the last is sent", async () => {
  /** @type {Array<(answer: string) => void>} */
  const waiting = [];
  /** @type {Array<[string, string | null]>} */
  const done = [];
  const request = singleFlight(
    /** @type {(question: string) => Promise<string>} */ (() => new Promise((resolve) => { waiting.push(resolve); })),
    (question, answer) => done.push([question, answer]),
  );
  for (const question of ["a", "b", "c"]) request(question);
  assert.equal(waiting.length, 1);
  waiting[0]("A");
  await new Promise(setImmediate);
  assert.equal(waiting.length, 2);
  waiting[1]("C");
  await new Promise(setImmediate);
  assert.deepEqual(done, [["a", "A"], ["c", "C"]]);
});

test("a request that failed is reported without an answer, and the next one is sent", async () => {
  /** @type {Array<[number, number | null]>} */
  const done = [];
  const ask = async (/** @type {number} */ n) => { if (n < 0) throw new Error(); return n; };
  const request = singleFlight(ask, (...result) => done.push(result));
  await request(-1);
  await request(1);
  assert.deepEqual(done, [[-1, null], [1, 1]]);
});
