/* The list beside a place: one line a system, since no spot is given. */
import { groupBy, strongest, unpublished } from "./claim_groups.js";
import { config } from "./config.js";
import { element, mapButton } from "./dom.js";
import { evidenceIcon, stanceIcon } from "./icons.js";

const RATING = "Rating"; // of source and report together, such as B2
const LONGEST_CODE = 4; // letters; a rating in words is in the tooltip and in the panel
/** @typedef {{ chosen?: string, pick(id: string): void }} ListOptions `chosen`: a claim, or a place with a system */

/** What was reported within the place, one line a system: a list, since no spot is given. All lines are there;
 * how many are shown depends on the room (place_layout.js).
 * @param {Claim[]} claims @param {ListOptions} options */
export function listClaims(claims, options) {
  const lines = claims.flatMap((claim) => {
    const { systems, state: known, subject } = claim.properties;
    const about = systems.length ? systems : known ? [subject] : [];
    return about.map((system) => ({ claim, system }));
  });
  const groups = [...groupBy(lines, (line) => line.system)];
  if (!groups.length) return null;
  const nodes = groups.map(([system, some]) => listLine(system, some.map(({ claim }) => claim), options));
  return element("div", "fan", ...nodes, element("span", "fan-more", "and more"));
}

/** @param {string} system @param {Claim[]} some @param {ListOptions} options */
function listLine(system, some, { chosen: chosenId, pick }) {
  const first = some.find((claim) => claim.id === chosenId) || some[0];
  const { stance, evidence } = first.properties;
  const opens = some.length > 1 ? `${first.properties.place}:${system}` : first.id; // all that it counts
  const chosen = first.id === chosenId || opens === chosenId ? " chosen" : "";
  const node = mapButton(`fan-line stance-${stance}${chosen}`, "", "", () => pick(opens));
  node.dataset.claim = first.id;
  node.style.setProperty("--strength", String(strongest(some)));
  const counts = [...new Set(some.map((claim) => claim.properties.count).filter(Boolean))];
  const known = some.find((claim) => claim.properties.state)?.properties.state;
  node.append(stanceIcon(config.stance[stance].mark), element("b", "", system));
  if (counts.length === 1) node.append(element("span", "fan-count", counts[0]));
  const codes = [...new Set(some.map((claim) => claim.properties.ratings?.[RATING]))];
  if (codes.length === 1 && codes[0] && codes[0].length <= LONGEST_CODE) {
    node.append(element("span", "rating-code", codes[0]));
  }
  const mark = unpublished(some);
  if (mark) node.append(element("span", "fan-draft", mark));
  if (known) node.append(element("span", "fan-state", known));
  if (some.length > 1) node.append(element("span", "fan-reports", `${some.length} reports`));
  node.append(evidenceIcon(config.sign[evidence], 15));
  return node;
}
