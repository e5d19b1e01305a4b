/* What claims of one place have in common: how they are grouped, and how strong their symbol is. */
import { config } from "./config.js";

/** @template T
 * @param {T[]} items @param {(item: T) => string} key @returns {Map<string, T[]>} */
export function groupBy(items, key) {
  const groups = new Map();
  for (const item of items) {
    const name = key(item);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(item);
  }
  return groups;
}

/** @param {Place} place */
export const isRoute = (place) => place.properties.location_class === "route-inferred";

/** @param {Place} place */
export const isArea = (place) => place.properties.location_class === "area";

/** @param {Claim} claim */
export const opacity = (claim) => config.certainty[claim.properties.certainty]?.opacity ?? 0.5;

/** @param {Claim[]} claims */
export const strongest = (claims) => Math.max(...claims.map(opacity));

/** What marks claims that are not published, such as "draft"; empty if all are.
 * @param {Claim[]} claims */
export function unpublished(claims) {
  const states = new Set(claims.map((claim) => claim.properties.review));
  return Object.entries(config.review).find(([state]) => states.has(state))?.[1] ?? "";
}
