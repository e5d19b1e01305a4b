/** @import { CanvasPlan } from "./types" */

/** The plan of the largest canvas that is inside the window's.
 * @param {CanvasPlan[] | undefined} plans @param {number} width units @param {number} height units
 * @returns {CanvasPlan | undefined} */
export function choosePlan(plans, width, height) {
  const inside = (plans ?? []).filter((plan) => plan.width <= width + 0.01 && plan.height <= height + 0.01);
  return inside.sort((one, other) => other.width * other.height - one.width * one.height)[0];
}
