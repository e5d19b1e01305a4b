/* The words of Streamlit's page around the map, while days are played: headline, sentence, count and the table's
   head. Only the data of text nodes is changed, and to what the server will write itself: React keeps its elements. */
import { pageWindow } from "./dom.js";
/** @import { FrameWords } from "./frame_words.js" */

/** @type {Array<[word: "title" | "subtitle" | "counted" | "table" | "reports", selector: string]>} */
const PLACES = [
  ["title", ".headline h1"], ["subtitle", ".headline .subtitle"], ["counted", ".headline .counted"],
  ["table", ".st-key-table_open summary p"], ["reports", "[data-testid=stSidebarContent] [data-testid=stMarkdownContainer] p > strong"],
];

/** The one text node of an element; null where it has another form. @param {string} selector */
function textNode(selector) {
  const found = pageWindow().document.querySelector(selector);
  const node = found?.childNodes.length === 1 ? found.firstChild : null;
  return node?.nodeType === Node.TEXT_NODE ? /** @type {Text} */ (node) : null;
}

/** @param {Partial<FrameWords>} words */
export function writePageWords(words) {
  for (const [name, selector] of PLACES) {
    const text = words[name];
    const node = text === undefined ? null : textNode(selector);
    if (node && node.data !== text) node.data = /** @type {string} */ (text);
  }
}

/** Keep the headline's height, so that a shorter text does not lift the map. @param {number} length of the sentence */
export function holdHeadline(length) {
  const head = /** @type {HTMLElement | null} */ (pageWindow().document.querySelector(".headline"));
  if (!head || length <= Number(head.dataset.longest ?? -1)) return;
  head.dataset.longest = String(length);
  head.style.minHeight = `${head.offsetHeight}px`;
}

/** What the page says now. @returns {Partial<FrameWords>} */
export const readPageWords = () => Object.fromEntries(PLACES.flatMap(([name, selector]) => {
  const node = textNode(selector);
  return node ? [[name, node.data]] : [];
}));

/** Mark on the page that its map is ahead of the rest. @param {boolean} on */
export function markPlaying(on) {
  const { body } = pageWindow().document;
  if (on) body.dataset.playing = ""; else delete body.dataset.playing;
}
