import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { chooseNames, listNames } from "../src/names.js";

const BOTH = { name: "Port", name_ar: "ميناء", map_label: "Port, north" };
const PLAIN = { name: "Ferry landing", name_ar: null };
/** @type {Array<[choice: NameChoice, lines: string[]]>} */
const CHOICES = [["en", ["Port, north"]], ["ar", ["ميناء"]], ["both", ["Port, north", "ميناء"]]];

afterEach(() => chooseNames());

for (const [choice, lines] of CHOICES) {
  test(`the lines of a name where the link says names=${choice}`, () => {
    chooseNames(choice);
    assert.deepEqual(listNames(BOTH).map(({ text }) => text), lines);
    assert.deepEqual(listNames(PLAIN).map(({ text }) => text), ["Ferry landing"]);
  });
}

test("a link without a choice shows English names", () => {
  chooseNames("both");
  chooseNames(undefined);
  assert.deepEqual(listNames(BOTH), [{ text: "Port, north", arabic: false }]);
});
