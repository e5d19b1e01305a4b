/* The words of a frame of playback: the server's own forms, filled in as geo/summary.py does. */

/** @typedef {{ ids: string[], features: Claim[], days: DayTotals, layers: Array<{ title: string, shown: number }>,
 *   late?: boolean }} FrameRows what a window of days selects; `late`: of some layer that is known only when it stops
 * @typedef {{ on_days: number, in_spans: number, background: number, undated: number }} DayTotals
 * @typedef {{ title: string, subtitle: string, counted: string, table: string, reports: string,
 *   explained: string }} FrameWords */

const GROUPED = new Intl.NumberFormat("en-US"); // made once: toLocaleString makes one for each number

/** @param {number} value */
const grouped = (value) => GROUPED.format(value);

/** Fill in a form, such as "{count:,} reports".
 * @param {string} form @param {Record<string, string | number>} values */
export const fill = (form, values) => form.replace(/\{(\w+)(:,)?\}/g, (_, name, group) => (
  group ? grouped(Number(values[name])) : String(values[name])));

/** A window in words. @param {PlaybackData} data @param {string} from @param {string} to */
export function spanWords({ spans, months, axis, forms }, from, to) {
  const [[year, month, day], [lastYear, lastMonth, lastDay]] = [from, to].map((one) => one.split("-").map(Number));
  const sameYear = year === lastYear;
  const form = from === to ? "day" : sameYear && month === lastMonth ? "month" : sameYear ? "year" : "years";
  const first = `${day} ${months[month - 1]}`;
  const span = fill(spans[form], { first, last: `${lastDay} ${months[lastMonth - 1]}`, day, year, last_year: lastYear });
  return axis === "observed" ? span : fill(forms[from === to ? "reported day" : "reported span"], { span });
}

/** @param {PlaybackData} data @param {string[]} words */
function joined({ forms }, words) {
  if (words.length < 2) return words.join("");
  return fill(forms.and, { list: words.slice(0, -1).join(forms.comma), last: words[words.length - 1] });
}

/** How often each comes, the most frequent first; of equals the earlier one.
 * @param {string[]} names @returns {Array<[name: string, count: number]>} */
function mostCommon(names) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}

/** @param {PlaybackData} data @param {Claim[]} features */
function reportWords(data, features) {
  const { forms, named: [placesNamed, systemsNamed] } = data;
  const placed = features.filter(({ geometry, properties }) => geometry && properties.place);
  const places = mostCommon(placed.map(({ properties }) => properties.place));
  const unplaced = features.length - placed.length;
  const rest = unplaced ? [fill(forms["without place"], { count: unplaced })] : [];
  const systems = mostCommon(features.flatMap(({ properties }) => properties.systems))
    .map(([name]) => data.systems[name] ?? name);
  if (places.length > 1 || !systems.length) {
    const some = places.length <= placesNamed + 1 ? places : places.slice(0, placesNamed);
    const phrases = some.map(([place, count]) => fill(forms["at place"], { count, place: data.places[place] ?? forms.elsewhere }));
    const others = places.slice(some.length);
    const count = others.reduce((sum, [, one]) => sum + one, 0);
    if (others.length) phrases.push(fill(forms["further places"], { count, places: others.length }));
    return fill(forms["by place"], { list: joined(data, [...phrases, ...rest]) });
  }
  const more = systems.length - systemsNamed;
  const listed = more > 0
    ? fill(forms["further systems"], { list: systems.slice(0, systemsNamed).join(forms.comma), count: more })
    : joined(data, systems);
  return fill(forms["by system"], { list: [listed, ...rest].join(forms.semicolon) });
}

/** @param {PlaybackData} data @param {FrameRows["layers"]} layers */
function layerWords({ forms }, layers) {
  const drawn = layers.filter(({ shown }) => shown);
  if (!drawn.length) return "";
  const rows = drawn.reduce((sum, { shown }) => sum + shown, 0);
  const noun = forms[rows === 1 ? "row" : "rows"];
  return fill(forms[drawn.length === 1 ? "layer" : "layers"], { rows, noun, title: drawn[0].title, layers: drawn.length });
}

/** @param {PlaybackData} data @param {FrameRows} rows */
function subtitleWords(data, { ids, features, layers, late }) {
  if (ids.length) return reportWords(data, features);
  const { forms } = data;
  const more = late ? "" : layerWords(data, layers); // the map shows more than is counted here
  if (!data.kind.length) return fill(forms["all filters"], { layers: more });
  return fill(forms.silence, { none: forms["why silent"], layers: more });
}

/** @param {PlaybackData} data @param {FrameRows} rows @param {string} heading @param {[from: string, to: string]} window */
function titleWords(data, { ids }, heading, [from, to]) {
  const silent = !ids.length;
  if (silent && !data.kind.length) return data.forms["no match"];
  const form = `title${silent ? " silent" : ""}${heading ? " place" : ""}`;
  return fill(data.forms[form], { place: heading, span: spanWords(data, from, to) });
}

/** The rule of days in numbers. @param {PlaybackData} data @param {DayTotals} days */
function ruleWords({ forms, rule, noCoverage }, days) {
  const said = Object.entries(rule).map(([name, words]) => ({ count: days[/** @type {keyof DayTotals} */ (name)], words }))
    .filter(({ count }) => count).map((part) => fill(forms["rule part"], part));
  const text = said.length ? fill(forms.rule, { list: said.join(forms.dot) }) : "";
  return `${text} ${noCoverage}`.trim();
}

/** @param {PlaybackData} data @param {FrameRows} rows */
function countWords({ forms, total, asOf }, { ids, features, days }) {
  const plain = fill(forms.counted, { shown: ids.length, total, noun: forms[total === 1 ? "report" : "reports"] });
  const state = (/** @type {string} */ name) => features.filter(({ properties }) => properties.review === name).length;
  const drafts = state("draft");
  /** @type {Array<[form: string, count: number]>} */
  const apart = [
    ["background", days.background], ["undated", days.undated], [drafts === 1 ? "draft" : "drafts", drafts],
    ["in review", state("in review")],
  ];
  const parts = apart.filter(([, count]) => count).map(([form, count]) => fill(forms[form], { count }));
  const known = asOf ? [asOf] : [];
  const reports = [plain, ...known].join(forms.comma);
  return { counted: [plain, ...parts, ...known].join(forms.comma), reports, table: fill(forms.table, { counted: reports }) };
}

/** What the page says of a window of days.
 * @param {PlaybackData} data @param {FrameRows} rows @param {string} heading of the page, its place
 * @param {[from: string, to: string]} window @returns {FrameWords} */
export const frameWords = (data, rows, heading, window) => ({
  title: titleWords(data, rows, heading, window),
  subtitle: subtitleWords(data, rows),
  ...countWords(data, rows),
  explained: ruleWords(data, rows.days),
});
