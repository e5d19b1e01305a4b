/* The lines of a list beside a place, of those that can be shown. */

/** The lines of a list, without its head and its last words.
 * @param {HTMLElement} list */
export const linesOf = (list) => /** @type {HTMLElement[]} */ ([...list.querySelectorAll(".fan-line")]);
