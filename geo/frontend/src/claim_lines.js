/* The lines of a place's list: what was reported of each system, when. Reports share a line only where
   they say the same of the same system, and nothing else was reported of it in between. The lines of
   pictures follow the same rules: geo/export/layout/claim_lines.py. */
import { groupBy } from "./claim_groups.js";
import { daysText, joinDays, possibleDays } from "./day_precision.js";
/** @import { PossibleDays } from "./day_precision.js" */

/** @typedef {{system: string, claims: Claim[], days: PossibleDays}} ClaimLine
 * @typedef {{from?: string, to?: string, reported: boolean, years: boolean}} ShownDays the window, what its
 * days are, and whether days carry their year */

/** The lines of some claims, the latest days first.
 * @param {Claim[]} claims in record order @param {boolean} reported whether days are those of reporting
 * @returns {ClaimLine[]} */
export function claimLines(claims, reported) {
  const named = claims.flatMap((claim) => {
    const { systems, state, subject } = claim.properties;
    const about = systems.length ? systems : state ? [subject] : [];
    const days = possibleDays(claim.properties, reported);
    return about.map((system) => ({ system, claim, days, says: statement(claim, days) }));
  });
  const lines = [...groupBy(named, (one) => one.system)].flatMap(([system, some]) => {
    const rank = new Map([...new Set(some.map((one) => one.says))].map((says, at) => [says, at]));
    const order = [...some].sort((a, b) => compareTexts(b.days.last, a.days.last)
      || (rank.get(a.says) ?? 0) - (rank.get(b.says) ?? 0));
    return runs(order).map((run) => ({
      system, claims: run.map((one) => one.claim), days: joinDays(run.map((one) => one.days)),
    }));
  });
  return lines.sort((a, b) => compareTexts(b.days.last, a.days.last));
}

/** What a claim says, as far as a line shows it, and how exactly its day is known.
 * @param {Claim} claim @param {PossibleDays} days */
function statement({ properties: { stance, state, count } }, { kind }) {
  return JSON.stringify([stance, state ?? "", count, kind]);
}

/** @param {string | null} a @param {string | null} b */
const compareTexts = (a, b) => ((a ?? "") < (b ?? "") ? -1 : Number((a ?? "") > (b ?? "")));

/** Neighbours that say the same. @template {{says: string}} T @param {T[]} ordered @returns {T[][]} */
function runs(ordered) {
  /** @type {T[][]} */
  const found = [];
  for (const one of ordered) {
    const last = found[found.length - 1];
    if (last && last[0].says === one.says) last.push(one); else found.push([one]);
  }
  return found;
}

/** What is written above the lines instead of on each: the day of them all, and what the days are.
 * @param {ClaimLine[]} lines @param {ShownDays} shown @returns {{head: string, common: string}} `common`: the days
 * that no line repeats */
export function listHead(lines, { from, to, reported, years }) {
  const texts = new Set(lines.map(({ days }) => daysText(days, years)));
  const day = from && from === to ? daysText({ kind: "day", first: from, last: from }, years) : "";
  const [only] = texts;
  const common = texts.has(day) ? day : texts.size === 1 && lines.length > 1 ? only : "";
  const head = reported && lines.length ? (common ? `reported ${common}` : "days of reporting") : common;
  return { head, common };
}
