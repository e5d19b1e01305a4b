/* Elements are built with createElement and text nodes: no text is ever parsed as HTML. */

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {Node | string | number | false | null | undefined} Inside what is empty or 0 is left out */

/** @template {ParentNode} N
 * @param {N} node @param {Inside[]} inside */
function fill(node, inside) {
  for (const one of inside) if (one) node.append(typeof one === "number" ? String(one) : one);
  return node;
}

/** @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag @param {string} [className] @param {...Inside} inside
 * @returns {HTMLElementTagNameMap[K]} */
export function element(tag, className, ...inside) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  return fill(node, inside);
}

/** @param {keyof SVGElementTagNameMap} name @param {Record<string, string | number>} attributes @param {...Inside} inside */
export function shape(name, attributes, ...inside) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  return fill(node, inside);
}

/** @param {number} size pixels @param {string} box the view box @param {...Inside} inside */
export const svg = (size, box, ...inside) =>
  shape("svg", { viewBox: box, width: size, height: size, "aria-hidden": "true", class: "sign" }, ...inside);

/** @param {string} d a path in 16 x 16 units, drawn as a line @param {number} size pixels */
export const pathIcon = (d, size) => svg(size, "0 0 16 16", shape("path", { d, fill: "none", stroke: "currentColor" }));

/** Name an element for screen readers and in a tooltip.
 * @template {HTMLElement} N
 * @param {N} node @param {string} name */
export function named(node, name) {
  node.title = name;
  node.setAttribute("aria-label", name);
  return node;
}

/** @param {string} className @param {string} text @param {(event: MouseEvent) => void} run */
export function button(className, text, run) {
  const node = element("button", className, text);
  node.type = "button";
  node.addEventListener("click", run);
  return node;
}

/** A button on the map, which receives neither its clicks nor its keys.
 * @param {string} className @param {string} text @param {string} label @param {() => void} run */
export function mapButton(className, text, label, run) {
  const node = button(className, text, run);
  if (label) node.setAttribute("aria-label", label);
  node.addEventListener("keydown", (event) => event.stopPropagation());
  L.DomEvent.disableClickPropagation(node);
  return node;
}

/** The nearest ancestor of an event's target that a selector finds; null for a target that is no element.
 * @param {Event} event @param {string} selector */
export function closest(event, selector) {
  const { target } = event;
  return target && "closest" in target ? /** @type {Element} */ (target).closest(selector) : null;
}

/** The window with the page; this one where the page is another site's or there is none. */
export function pageWindow() {
  try { return window.parent.document ? window.parent : window; } catch { return window; }
}

export const SCRIPT_STATE = "data-test-script-state"; // where the page says whether its script runs

/** "notRunning", or what the page's script is doing.
 * @param {Window} page */
export const scriptState = (page) => (
  page.document.querySelector(`[${SCRIPT_STATE}]`)?.getAttribute(SCRIPT_STATE) || "notRunning"
);

/** A canvas of a size in pixels, empty; it is made anew only where it has another size.
 * @param {HTMLCanvasElement} canvas @param {{x: number, y: number}} size @param {number} ratio pixels of the screen in one
 * @returns {CanvasRenderingContext2D} */
export function clearCanvas(canvas, { x, y }, ratio) {
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const [width, height] = [Math.floor(x * ratio), Math.floor(y * ratio)];
  if (canvas.width !== width || canvas.height !== height) {
    Object.assign(canvas, { width, height });
    Object.assign(canvas.style, { width: `${x}px`, height: `${y}px` });
  }
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.clearRect(0, 0, width, height);
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  return pen;
}
