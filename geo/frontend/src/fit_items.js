/* What fits on a slide, and how its texts are split. */

/** Remove whole items, the last one first, until the rest fits.
 * @param {Array<{remove(): void}>} items
 * @param {(left: number) => void} removed receives after each item how many are left out
 * @param {() => boolean} fits @returns {number} how many are left out */
export function trimToFit(items, removed, fits) {
  let left = 0;
  for (let i = items.length - 1; i >= 0 && !fits(); i -= 1) {
    items[i].remove();
    left += 1;
    removed(left);
  }
  return left;
}

/** Paragraphs of a text: blank lines separate them. @param {string} text */
export const paragraphs = (text) => text.split(/\n\s*\n/);

/** The answers to a question, as sources give them. @param {string} answers */
export const splitAnswers = (answers) => answers.split(/ \/ | against /);

/** The plan of the largest canvas that is inside the window's.
 * @param {CanvasPlan[] | undefined} plans @param {number} width units @param {number} height units
 * @returns {CanvasPlan | undefined} */
export function choosePlan(plans, width, height) {
  const inside = (plans ?? []).filter((plan) => plan.width <= width + 0.01 && plan.height <= height + 0.01);
  return inside.sort((one, other) => other.width * other.height - one.width * one.height)[0];
}
