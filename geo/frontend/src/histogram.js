/* Reports by day, under the map. A drag, a click or the keyboard sets the window of days. Dark bars
   are the reports shown, pale ones those of days outside the window. A report of several days is in
   no bar: it is a thin line over its days, with the number of such reports. */
import { brushEnds, dayText, isInside, packSpans, stepPosition } from "./day_range.js";
import { button, element, named } from "./dom.js";
import { byTail, byWords, fillSpan, fillUndated, spanLine, undatedLine } from "./histogram_spans.js";
import { fitNumbers, fitTexts } from "./histogram_texts.js";
/** @import { Brush } from "./day_range.js" */

/** @typedef {{
 *   days: DayCount[], spans: SpanCount[], byDays?: ByCount[], undated?: [shown: number, other: number], heading: string, explained: string, coverage: CoverageRow[], from?: string, to?: string,
 *   set(from: string | null, to: string | null, place?: string): void,
 *   touch(): void, drag(window: [from: string, to: string]): void, cancel(): void, bar: HTMLElement | null,
 * }} HistogramState `touch` before days are chosen, `drag` while they are; `bar` has the buttons of playback */

/** @typedef {Pick<HistogramState, "days" | "spans" | "undated" | "explained" | "from" | "to">} ShownDays what frames change */

/** Coverage of a day: seen, reported or no data; told apart by shape. @type {Record<string, [string, string]>} */
const CELL = {
  s: ["cell seen", "seen"], r: ["cell reported", "reported"], "-": ["cell none", "no data, which is no sign of absence"],
};

const ONE_LINE = 26; // pixels of a head of one line
const ROW = 20; // pixels of a row of coverage
const MOST_COVERAGE = 0.25; // of the window that coverage takes without being asked for
const TALLEST = 0.6; // of the window that the histogram takes; then it scrolls

/** @type {HTMLElement} */
let box;
/** @type {HistogramState} */
let state;
let shape = ""; // of what is drawn; frames of playback and a drag change the window of the state alone
/** @type {Brush | null} */
let brush = null;
/** @type {boolean | null} null: as the height of the map allows */
let coverageOpen = null;

/** @param {L.Map} map */
export function addHistogram(map) {
  box = element("section", "timeline");
  document.body.append(box);
  window.addEventListener("pointerup", applyBrush);
  window.addEventListener("resize", followSize);
  document.fonts.addEventListener("loadingdone", fit);
  for (const touch of ["pointerenter", "focusin"]) box.addEventListener(touch, () => state?.touch());
  map.invalidateSize({ animate: false });
}

/** What the nodes of a histogram are made of, with the count that all bars are measured by; the other counts and
 * its window can change in them.
 * @param {HistogramState} state */
const shapeOf = ({ days, spans, byDays, undated, heading, coverage, from, to }) => JSON.stringify([
  highest(days), days.map(([day]) => day), spans.map(([first, last]) => [first, last]), byDays, undated?.some(Boolean),
  heading, coverage, !from && !to,
]);

/** Show the reports of a view; where only counts and the window are others, the nodes stay.
 * @param {HistogramState} next */
export function showHistogram(next) {
  if (shapeOf(next) !== shape) { drawHistogram(next); return; }
  changeNodes(next);
  if (!brush) for (const node of columns()) node.classList.remove("brushed");
  fit();
}

/** @param {HistogramState} next */
function drawHistogram(next) {
  state = next;
  shape = shapeOf(next);
  box.setAttribute("aria-label", state.heading);
  const top = highest(state.days);
  const hint = element("span", "timeline-hint", element("span", "hint-words", "drag across days to choose them"));
  const allDays = (state.from || state.to) && button("timeline-all", "All days", () => state.set(null, null));
  const head = element("div", "timeline-head", element("span", "timeline-name", state.heading), state.bar, hint, allDays);
  const bars = element("div", "days", ...state.days.map((day, position) => column(day, position, top)));
  const active = /** @type {HTMLElement | null} */ (document.activeElement);
  const focused = active && box.contains(active) && active.dataset.day;
  const inBar = active && state.bar?.contains(active) ? active : null; // it is put into another head
  const rule = element("p", "timeline-rule", state.explained);
  const lanes = packSpans(state.spans);
  const spans = element("div", "days spans", ...state.spans.map((span, at) => spanLine(span, lanes[at], state.days)));
  const undated = undatedLine(state.undated, Math.max(-1, ...lanes) + 1);
  if (undated) spans.append(undated);
  box.replaceChildren(head, bars, spans);
  box.style.setProperty("--days", String(state.days.length));
  box.classList.toggle("plays", Boolean(state.bar)); // classes, since :has() is looked at for each change in a frame of playback
  box.classList.toggle("covers", showsCoverage());
  const foot = element("div", "timeline-foot", rule);
  drawCoverage(head, foot);
  box.append(foot);
  fit();
  if (focused) columns().find((node) => node.dataset.day === focused)?.focus();
  inBar?.focus();
  markWindow();
}

/** In another window coverage may have room, or none, unless somebody chose. */
function followSize() {
  if (state && showsCoverage() !== Boolean(box.querySelector(".coverage"))) drawHistogram(state);
  else fit();
}

/** Leave the histogram the height that it needs, and write what has room in it. */
function fit() {
  if (!state) return;
  const heights = [".spans", ".timeline-foot", ".coverage", ".timeline-head"].map((part) => (
    /** @type {NodeListOf<HTMLElement>} */ (box.querySelectorAll(part))));
  const [spans, foot, coverage, head] = heights.map((nodes) => [...nodes].reduce((sum, node) => sum + node.offsetHeight, 0));
  const height = (state.spans.length ? 104 : 112) + spans + foot + coverage + Math.max(0, head - ONE_LINE);
  const most = Math.round(TALLEST * window.innerHeight);
  box.classList.toggle("tall", height > most);
  document.documentElement.style.setProperty("--timeline", `${Math.min(height, most)}px`); // the map leaves this room
  fitTexts(box, state.days, highest(state.days));
}

/** Cells of days that are not chosen are paler. */
function markWindow() {
  for (const cells of box.querySelectorAll(".cells")) {
    [...cells.children].forEach((node, at) => node.classList.toggle("out", !isInside(state.days[at][0], state.from, state.to)));
  }
}

/** Show other days of the same reports: only what differs is changed, and the map keeps its height.
 * @param {ShownDays} next */
export function updateHistogram(next) {
  if (next.days.length !== state.days.length || next.spans.length !== state.spans.length) {
    drawHistogram({ ...state, ...next });
    return;
  }
  changeNodes(next);
  fitNumbers(box, state.days, highest(state.days));
}

/** Change the nodes that differ; what has room in them is for `fit`, or for `fitNumbers` where the size stays.
 * @param {ShownDays} next of as many days and spans as are drawn */
function changeNodes(next) {
  const before = state;
  state = { ...state, ...next };
  const bars = columns();
  const lines = box.querySelectorAll(".span");
  const top = highest(state.days);
  state.days.forEach((day, at) => {
    bars[at].classList.toggle("in", isInside(day[0], state.from, state.to));
    if (String(day) !== String(before.days[at])) fillColumn(bars[at], day, top);
  });
  state.spans.forEach((span, at) => {
    if (String(span) !== String(before.spans[at])) fillSpan(/** @type {HTMLElement} */ (lines[at]), span);
  });
  const line = /** @type {HTMLElement | null} */ (box.querySelector(".undated-line"));
  if (line && state.undated && String(state.undated) !== String(before.undated)) fillUndated(line, state.undated);
  markWindow();
  const rule = /** @type {HTMLElement} */ (box.querySelector(".timeline-rule"));
  if (state.explained !== before.explained) rule.textContent = state.explained;
}

const highest = (/** @type {DayCount[]} */ days) => Math.max(1, ...days.map(([, shown, other]) => shown + other));

/** Whether coverage is shown: as somebody chose, else as the window allows. */
function showsCoverage() {
  const rows = state.coverage.length;
  const small = rows > 1 && (window.innerHeight < 640 || rows * ROW > MOST_COVERAGE * window.innerHeight);
  return rows > 0 && (coverageOpen ?? !small);
}

/** Coverage: one row a place, one cell a day.
 * @param {HTMLElement} head @param {HTMLElement} foot */
function drawCoverage(head, foot) {
  if (!state.coverage.length) return;
  const shown = showsCoverage();
  const toggle = button("timeline-all", shown ? "Hide coverage" : "Show coverage", () => {
    coverageOpen = !shown;
    drawHistogram(state);
  });
  toggle.setAttribute("aria-expanded", String(shown));
  head.append(toggle);
  if (!shown) return;
  foot.append(coverageKey());
  for (const row of state.coverage) {
    const name = element("span", "coverage-name", row.short_name || row.name);
    const cells = element("div", "days cells", ...[...row.days].map((letter, position) => cell(row, letter, position)));
    box.append(element("div", "coverage", name, cells));
  }
}

function coverageKey() {
  const marks = [CELL.s, CELL.r, ["cell none", "no data"]].flatMap(([className, text]) => (
    [element("span", className, element("i")), element("span", "", text)]));
  return element("span", "coverage-key", ...marks);
}

/** @param {CoverageRow} row @param {string} letter @param {number} position */
function cell(row, letter, position) {
  const [day] = state.days[position];
  const [className, text] = CELL[letter];
  const node = button(className, "", () => state.set(day, day, row.place));
  node.tabIndex = letter === "-" ? -1 : 0;
  node.classList.toggle("ends", row.days[position + 1] !== letter);
  const kinds = row.kinds[position] ? ` (${row.kinds[position]})` : "";
  node.append(element("i"));
  return named(node, `${row.name}, ${dayText(day)}: ${text}${kinds}`);
}

/** @param {DayCount} count @param {number} position @param {number} top */
function column(count, position, top) {
  const [day] = count;
  const node = element("button", `day${isInside(day, state.from, state.to) ? " in" : ""}`);
  node.type = "button";
  node.dataset.day = day;
  node.tabIndex = position === 0 ? 0 : -1;
  node.append(element("span", "stack"), element("span", "day-name", dayText(day)));
  fillColumn(node, count, top);
  node.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    node.focus();
    brush = { from: day, to: day };
    markBrush(brush);
  });
  node.addEventListener("pointerenter", () => { if (brush) { brush.to = day; markBrush(brush); } });
  node.addEventListener("keydown", (event) => onKey(event, position));
  return node;
}

/** @param {HTMLElement} node @param {DayCount} count @param {number} top */
function fillColumn(node, count, top) {
  const [day, shown, other] = count;
  const { byDays, days } = state;
  named(node, `${dayText(day)}: ${shown} shown${other ? `, ${other} outside the view` : ""}${byWords(day, byDays)}`);
  const bars = [other && bar("bar other", other, top), shown && bar("bar shown", shown, top)].filter((one) => one !== 0);
  node.firstElementChild?.replaceChildren(element("span", "number", shown), ...bars);
  const tail = byTail(count, days.findIndex(([one]) => one === day), byDays, days);
  if (tail) node.firstElementChild?.append(tail);
}

/** @param {string} className @param {number} count @param {number} top */
function bar(className, count, top) {
  const node = element("i", className);
  node.style.height = `${(count / top) * 100}%`;
  return node;
}

const columns = () => /** @type {HTMLElement[]} */ ([...box.querySelectorAll(".day")]);

/** @param {Brush} brushed */
function markBrush(brushed) {
  const [from, to] = brushEnds(brushed);
  for (const node of columns()) node.classList.toggle("brushed", isInside(node.dataset.day ?? "", from, to));
  state.drag([from, to]);
}

function applyBrush() {
  if (!brush) return;
  const [from, to] = brushEnds(brush);
  brush = null;
  state.set(from, to);
}

/** Arrows move, Enter takes a day, Shift and an arrow widens or narrows the window.
 * @param {KeyboardEvent} event @param {number} position */
function onKey(event, position) {
  const days = state.days.map(([day]) => day);
  const next = stepPosition(position, event.key, days.length);
  if (next !== null) {
    columns()[next].focus();
    if (event.shiftKey) {
      brush = { from: brush?.from ?? days[position], to: days[next] };
      markBrush(brush);
    }
  } else if (event.key === "Enter" || event.key === " ") {
    brush ??= { from: days[position], to: days[position] };
    applyBrush();
  } else if (event.key === "Escape") {
    brush = null;
    drawHistogram(state);
    state.cancel();
  } else return;
  event.preventDefault();
  event.stopPropagation();
}
