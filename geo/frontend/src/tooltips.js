/* Tooltips: a name, when, and what else there is to know. */
import { element } from "./dom.js";

/** @param {string | HTMLElement} name @param {string | undefined} when @param {...(Node | string | null)} more */
export const tip = (name, when, ...more) =>
  element("div", "tip", element("strong", "", name), when && element("span", "tip-when", when), ...more);

/** @param {string} id stands in for a label that is missing @param {LayerProperties} properties */
export const featureTip = (id, { label, when }) => tip(label || id, when);

/** @type {HTMLElement | null} */
let bubble = null;

/** Remove the tooltip that `showBubble` made. */
export function hideBubble() {
  bubble?.remove();
  bubble = null;
}

/** Show a tooltip at an HTML element, inside the frame; there is one at a time.
 * @param {HTMLElement} target @param {HTMLElement} content */
export function showBubble(target, content) {
  hideBubble();
  bubble = element("div", "map-tip floating", content);
  document.body.append(bubble);
  const at = target.getBoundingClientRect();
  const own = bubble.getBoundingClientRect();
  const left = Math.min(Math.max(8, at.left + at.width / 2 - own.width / 2), window.innerWidth - own.width - 8);
  const top = at.top - own.height - 8 < 4 ? at.bottom + 8 : at.top - own.height - 8;
  bubble.style.left = `${left}px`;
  bubble.style.top = `${top}px`;
}
