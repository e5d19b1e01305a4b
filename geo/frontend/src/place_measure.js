/* Sizes of names and lists, measured once for each text and kept until fonts or the window change. */
/** @import { Size } from "./boxes.js" */
/** @import { ListSize } from "./list_layout.js" */
import { linesOf } from "./list_lines.js";
/** @import { SiteView } from "./place_symbols.js" */

const KEPT = 4000; // sizes
const NARROW_LIST = 0.78; // of the width that a list would take
const WIDEST_SHARE = 0.62; // of the frame's width
const ONLY_BUTTON = 480; // pixels of a frame's width below which a list is a button
/** Forms of a name block: as it is, with its button below the name, the same narrow, the name alone. */
const FORMS = ["", "stacked", "narrow", "short"];
/** @type {Record<string, string>} what a form is for, if not for all */
const FORM_OF = { stacked: ".place-coordinates", short: ".site-note, .place-coordinates" };

/** @type {Map<string, Size>} */
const sizes = new Map();
let width = 0;
let measured = 0; // how often nodes were put into another form to be measured

/** Forget all sizes: texts have another size now. */
export const forgetSizes = () => { sizes.clear(); measured += 1; };

/** A number that is another one once all sizes were forgotten. */
export const sizesAge = () => measured;

/** @param {HTMLElement} node @returns {Size} */
const sizeOf = (node) => ({ width: node.offsetWidth + 1, height: node.offsetHeight });

/** @param {SiteView} site */
const keyOf = ({ node, text }) => `${node.classList.contains("close")} ${node.classList.contains("route")}|${text.className}|${text.textContent}`;

/** @param {SiteView} site @param {string} form */
const hasForm = ({ text }, form) => !FORM_OF[form] || Boolean(text.querySelector(FORM_OF[form]));

/** Measure what is not known yet: all of one form before the next, so that the browser lays out only once for each.
 * @param {SiteView[]} sites */
export function measureSites(sites) {
  if (width !== window.innerWidth || sizes.size > KEPT) forgetSizes();
  width = window.innerWidth;
  for (const form of FORMS) {
    const fresh = sites.filter((site) => hasForm(site, form) && !sizes.has(`${form}|${keyOf(site)}`));
    for (const { text } of fresh) text.dataset.form = form;
    for (const site of fresh) sizes.set(`${form}|${keyOf(site)}`, sizeOf(site.text));
  }
  for (const { list, button } of sites) {
    if (list) measureList(list);
    if (button && !sizes.has(`b|${button.textContent}`)) sizes.set(`b|${button.textContent}`, sizeOf(button));
  }
}

/** @type {WeakMap<HTMLElement, string>} */
const listKeys = new WeakMap();

/** The key of a list: the same whatever lines are hidden.
 * @param {HTMLElement} list */
function listKey(list) {
  let key = listKeys.get(list);
  if (key === undefined) {
    key = `l|${[...list.children].slice(0, -1).map(({ className, textContent }) => `${className} ${textContent}`).join("|")}`;
    listKeys.set(list, key);
  }
  return key;
}


/** @param {HTMLElement} list */
function measureList(list) {
  if (sizes.has(listKey(list))) return;
  const [first] = linesOf(list);
  for (const line of /** @type {HTMLElement[]} */ ([...list.children])) line.hidden = false;
  list.style.width = "";
  sizes.set(listKey(list), sizeOf(list));
  sizes.set(`line|${listKey(list)}`, sizeOf(first));
  sizes.set(`more|${listKey(list)}`, sizeOf(/** @type {HTMLElement} */ (list.lastElementChild)));
}

/** @param {string} key @returns {Size} */
const known = (key) => sizes.get(key) ?? { width: 0, height: 0 };

/** The forms of a name block that differ, and their sizes.
 * @param {SiteView} site @returns {Array<{ form: string, size: Size }>} */
export const nameForms = (site) => FORMS.filter((form) => hasForm(site, form))
  .map((form) => ({ form, size: known(`${form}|${keyOf(site)}`) }));

/** @param {HTMLElement} button */
export const buttonSize = (button) => known(`b|${button.textContent}`);

/** @param {HTMLElement} list @param {number} frame its width @returns {ListSize} */
export function listSize(list, frame) {
  const full = known(listKey(list));
  const line = known(`line|${listKey(list)}`).height;
  const more = known(`more|${listKey(list)}`).height;
  const lines = linesOf(list).length;
  const widest = Math.min(full.width, frame * WIDEST_SHARE);
  const widths = frame < ONLY_BUTTON ? [] : [widest, Math.round(NARROW_LIST * widest)];
  return { widths, lines, line, pad: full.height - lines * line - more, more };
}
