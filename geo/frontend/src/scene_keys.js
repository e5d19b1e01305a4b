/* Keys that lead through a briefing: on the stage and in the window of the notes. */
const NEXT = ["ArrowRight", "ArrowDown", " ", "PageDown", "Enter", "n"];
const PREVIOUS = ["ArrowLeft", "ArrowUp", "PageUp", "Backspace", "p"];

/** @typedef {"next" | "previous" | "first" | "last"} Step */

/** A key's name, whatever the case of its letter. @param {KeyboardEvent} event */
export const keyName = ({ key }) => (key.length === 1 ? key.toLowerCase() : key);

/** The step that a key asks for; null for any other key.
 * @param {KeyboardEvent} event @returns {Step | null} */
export function stepOf(event) {
  const name = keyName(event);
  if (event.shiftKey && name === " ") return "previous";
  if (NEXT.includes(name)) return "next";
  if (PREVIOUS.includes(name)) return "previous";
  return name === "Home" ? "first" : name === "End" ? "last" : null;
}
