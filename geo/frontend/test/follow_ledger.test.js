import assert from "node:assert/strict";
import test from "node:test";
import { isOutdated } from "../src/follow_ledger.js";

const NEVER = { version: "", at: 0 };

test("another version than the drawn one is asked for, once in five seconds", () => {
  assert.ok(isOutdated("a-1", "b-2", NEVER, 10_000));
  assert.ok(!isOutdated("a-1", "b-2", { version: "b-2", at: 9_000 }, 10_000));
  assert.ok(isOutdated("a-1", "b-2", { version: "b-2", at: 4_000 }, 10_000));
  assert.ok(isOutdated("a-1", "c-3", { version: "b-2", at: 9_900 }, 10_000));
});

test("the drawn version, and no answer, change nothing", () => {
  assert.ok(!isOutdated("a-1", "a-1", NEVER, 10_000));
  assert.ok(!isOutdated("a-1", "", NEVER, 10_000));
});
