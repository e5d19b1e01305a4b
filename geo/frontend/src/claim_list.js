/* The list beside a place, since no spot is given: one line for what is said of a system, with its days. */
import { strongest, unpublished } from "./claim_groups.js";
import { claimLines, listHead } from "./claim_lines.js";
import { config } from "./config.js";
import { dayMark } from "./day_marks.js";
import { dayStrength, daysText, possibleDays, shownDays } from "./day_precision.js";
import { element, mapButton } from "./dom.js";
import { evidenceIcon, stanceIcon } from "./icons.js";
/** @import { ClaimLine, ShownDays } from "./claim_lines.js" */
/** @import { PossibleDays } from "./day_precision.js" */

const RATING = "Rating"; // of source and report together, such as B2
const LONGEST_CODE = 4; // letters; a rating in words is in the tooltip and in the panel
/** @typedef {{ chosen?: string, pick(id: string): void }} ListOptions `chosen`: a claim, or those of a line */

/** What was reported within the place, the latest days first: a list, since no spot is given. All lines are there;
 * how many are shown depends on the room (place_layout.js).
 * @param {MapState} state @param {Claim[]} claims @param {ListOptions} options */
export function listClaims(state, claims, options) {
  const shown = shownDays(state);
  const lines = claimLines(claims, shown.reported);
  if (!lines.length) return null;
  const { head, common } = listHead(lines, shown);
  const nodes = lines.map((line) => listLine(line, { ...options, shown, common }));
  return element("div", "fan", head && element("span", "fan-head", head), ...nodes, element("span", "fan-more", "and more"));
}

/** @param {ClaimLine} line @param {ListOptions & {shown: ShownDays, common: string}} options */
function listLine({ system, claims: some, days }, { chosen: chosenId, pick, shown, common }) {
  const first = some.find((claim) => claim.id === chosenId) || some[0];
  const { stance, evidence, count, state: known } = first.properties;
  const opens = some.map(({ id }) => id).join(","); // all that it counts, and no others
  const chosen = first.id === chosenId || opens === chosenId ? " chosen" : "";
  const node = mapButton(`fan-line stance-${stance}${chosen}`, "", "", () => pick(opens));
  node.dataset.claim = first.id;
  node.style.setProperty("--strength", String(strongest(some)));
  node.append(stanceIcon(config.stance[stance].mark), element("b", "", system));
  if (count) node.append(element("span", "fan-count", count));
  const codes = [...new Set(some.map((claim) => claim.properties.ratings?.[RATING]))];
  if (codes.length === 1 && codes[0] && codes[0].length <= LONGEST_CODE) {
    node.append(element("span", "rating-code", codes[0]));
  }
  const mark = unpublished(some);
  if (mark) node.append(element("span", "fan-draft", mark));
  if (known) node.append(element("span", "fan-state", known));
  const icon = evidenceIcon(config.sign[evidence], 15);
  icon.dataset.sign = config.sign[evidence];
  node.append(lineDays(some, days, shown, common), icon);
  return node;
}

/** When, at the right of a line: how exactly it is known, the days, and how many reports share the line.
 * @param {Claim[]} some @param {PossibleDays} days @param {ShownDays} shown @param {string} common */
function lineDays(some, days, { from, to, reported, years }, common) {
  const text = daysText(days, years);
  const reports = some.length > 1 ? `${some.length} reports` : "";
  const kinds = some.map((claim) => possibleDays(claim.properties, reported));
  const strength = Math.max(...kinds.map((one) => dayStrength(one, from, to)));
  const day = text === common ? "" : text;
  const written = reports && element("span", "fan-reports", reports);
  const node = element("span", "fan-days", kinds[0].kind !== "day" && dayMark(kinds[0].kind, strength), day, written);
  node.dataset.kind = kinds[0].kind;
  return node;
}
