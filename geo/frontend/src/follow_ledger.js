/* Where a ledger is shared: asks for the version of the reports, and has the page drawn again when it is newer. */

const EVERY = 500; // milliseconds between two questions
const AGAIN = 5_000; // milliseconds after which a press without an effect is repeated

/** Whether a page is to be drawn again: another version than its own is there, and was not asked for just now.
 * @param {string} drawn @param {string} found @param {{ version: string, at: number }} asked @param {number} now */
export function isOutdated(drawn, found, asked, now) {
  return Boolean(found) && found !== drawn && (found !== asked.version || now - asked.at > AGAIN);
}

/** Follow the ledger as long as the page is open and seen; the page says by its mark that there is one. */
export function followLedger() {
  let asked = { version: "", at: 0 };
  const look = async () => {
    const mark = document.querySelector(".ledger-version");
    if (mark && !document.hidden) {
      try {
        const answer = await fetch("./map/version", { cache: "no-store" });
        const found = answer.ok ? await answer.text() : "";
        if (isOutdated(mark.textContent ?? "", found, asked, Date.now())) {
          asked = { version: found, at: Date.now() };
          /** @type {HTMLElement | null} */ (document.querySelector(".st-key-follow_ledger button"))?.click();
        }
      } catch { /* the server does not answer: Streamlit says so */ }
    }
    setTimeout(look, EVERY);
  };
  setTimeout(look, EVERY);
}
