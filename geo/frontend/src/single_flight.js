/** One request at a time; of those that come meanwhile, the last is sent next.
 * @template T, R
 * @param {(question: T) => Promise<R>} ask
 * @param {(question: T, answer: R | null) => void} done null where the request failed
 * @returns {(question: T) => Promise<void>} */
export function singleFlight(ask, done) {
  let busy = false;
  /** @type {{question: T} | null} */
  let next = null;
  return async function request(question) {
    if (busy) { next = { question }; return; }
    busy = true;
    /** @type {R | null} */
    let answer;
    try { answer = await ask(question); } catch { answer = null; }
    done(question, answer);
    busy = false;
    if (next) { const { question: waiting } = next; next = null; request(waiting); }
  };
}
