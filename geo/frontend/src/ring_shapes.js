/* Outlines of the ring round a place's number: stances told apart by pattern, time by thinning. The
   rules and the numbers are those of geo/mapping/ring_shapes.py; a test compares both. */

const INNER = 17.6; // radius of the ring's inner edge, in a box of 48
const WIDTH = 6;
/** Bands of each stance, as shares of the ring's width from its inner edge. @type {Record<string, number[][]>} */
const PATTERNS = { leaving: [[0, 1]], staying: [[0, 0.36], [0.64, 1]], undecided: [[0, 1]], neutral: [[0, 0.42]] };
const STRIPED = "undecided";
const STRIPE = 4.4; // length of a stripe with its gap
const FILLED = 0.56; // share of it that is filled
const SOFT = 0.6; // width at the end of reports that hold on the days shown, as a share of the full one
const THINNEST = 0.2; // of the width, where the ring thins out
const THIN_BAND = 0.16; // of the width, of a band
const GAP = 1.6; // between arcs, along the ring
const STEP = 1 / 72; // turns between two points of an outline, at most

/** @typedef {{stance: string, count: number, tail: number[], opacity: number}} RingPart `tail`: the strengths of
 * the reports whose day is not known exactly */

/** The closed outlines of each part, in a box of 48 by 48, clockwise from the top.
 * @param {RingPart[]} parts @returns {number[][][][]} */
export function outlineRing(parts) {
  const total = parts.reduce((sum, { count }) => sum + count, 0);
  const middle = 2 * Math.PI * (INNER + WIDTH / 2);
  const gap = parts.length > 1 ? GAP / middle : 0;
  let start = 0;
  return parts.map((part) => {
    const share = part.count / total;
    const length = Math.max(share - gap, 0.01);
    const found = outlinePart(part, [start, length], length * middle);
    start += share;
    return found;
  });
}

/** @param {RingPart} part @param {number[]} arc start and length, in turns @param {number} run its length in units */
function outlinePart(part, arc, run) {
  const knots = listKnots(part);
  return (PATTERNS[part.stance] ?? PATTERNS.leaving).flatMap((band) => {
    if (part.stance !== STRIPED) return [outlineBand(knots, [0, 1], band, arc)];
    const count = Math.max(1, Math.round(run / STRIPE));
    return Array.from({ length: count }, (_, at) => outlineBand(knots, [at / count, (at + FILLED) / count], band, arc));
  });
}

/** Where along the arc (0 to 1) which share of its width is reached. @param {RingPart} part */
function listKnots({ count, tail }) {
  const known = count - tail.length;
  const ordered = [...tail].sort((a, b) => b - a);
  const ends = ordered.map((strength, at) => [(known + at + 1) / count, Math.max(SOFT * strength, THINNEST)]);
  return [[0, 1], [known / count, 1], ...ends];
}

/** @param {number[][]} knots @param {number} at */
function findWidth(knots, at) {
  for (let i = 1; i < knots.length; i += 1) {
    const [[x0, y0], [x1, y1]] = [knots[i - 1], knots[i]];
    if (at <= x1) return x1 === x0 ? y0 : y0 + ((y1 - y0) * (at - x0)) / (x1 - x0);
  }
  return knots[knots.length - 1][1];
}

/** @param {number[][]} knots @param {number[]} ends @param {number[]} band @param {number[]} arc */
function outlineBand(knots, ends, band, arc) {
  const steps = Math.max(2, Math.ceil(((ends[1] - ends[0]) * arc[1]) / STEP));
  const outer = [];
  const inner = [];
  for (let number = 0; number <= steps; number += 1) {
    const at = ends[0] + ((ends[1] - ends[0]) * number) / steps;
    const width = findWidth(knots, at);
    const low = band[0] * width;
    const high = Math.max(band[1] * width, low + THIN_BAND);
    const angle = 2 * Math.PI * (arc[0] + arc[1] * at);
    const [across, up] = [Math.sin(angle), Math.cos(angle)];
    outer.push([24 + (INNER + WIDTH * high) * across, 24 - (INNER + WIDTH * high) * up]);
    inner.push([24 + (INNER + WIDTH * low) * across, 24 - (INNER + WIDTH * low) * up]);
  }
  return [...outer, ...inner.reverse()];
}

/** Outlines as one SVG path. @param {number[][][]} outlines */
export const ringPath = (outlines) => outlines
  .map((outline) => `M${outline.map(([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`).join("L")}Z`).join("");
