/* Elements are built with createElement and textContent: no text is ever parsed as HTML. */

const SVG = "http://www.w3.org/2000/svg";

/** @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag @param {string} [className] @param {string | number | null} [text]
 * @returns {HTMLElementTagNameMap[K]} */
export function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined && text !== null) node.textContent = String(text);
  return node;
}

/** @param {number} size pixels @param {string} [box] the view box */
export function svg(size, box = "0 0 16 16") {
  const node = document.createElementNS(SVG, "svg");
  node.setAttribute("viewBox", box);
  node.setAttribute("width", String(size));
  node.setAttribute("height", String(size));
  node.setAttribute("aria-hidden", "true");
  node.classList.add("sign");
  return node;
}

/** @param {keyof SVGElementTagNameMap} name @param {Record<string, string | number>} attributes */
export function shape(name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  return node;
}

/** @param {string} className @param {string} text @param {(event: MouseEvent) => void} run */
export function button(className, text, run) {
  const node = element("button", className, text);
  node.type = "button";
  node.addEventListener("click", run);
  return node;
}

/** Focus an element that a selector finds, without scrolling.
 * @param {string} selector */
export function refocus(selector) {
  /** @type {HTMLElement | null} */ (document.querySelector(selector))?.focus({ preventScroll: true });
}

/** The nearest ancestor of an event's target that a selector finds; null for a target that is no element.
 * @param {Event} event @param {string} selector */
export function closest(event, selector) {
  const { target } = event;
  return target && "closest" in target ? /** @type {Element} */ (target).closest(selector) : null;
}
