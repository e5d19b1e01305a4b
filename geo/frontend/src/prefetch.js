/* What is likely to be asked for next: the window that the last move of the days leads to. It is
   fetched while nothing else happens, so that the next step is painted as soon as it is wished. */
(() => {
  "use strict";
  const DAY = 86400000;
  const MOST = 20000; // features that are fetched on a guess

  const shifted = (day, by) => new Date(Date.parse(day) + by * DAY).toISOString().slice(0, 10);
  const between = (one, other) => Math.round((Date.parse(other) - Date.parse(one)) / DAY);

  /* Windows that may come next: the last move once more, or the first step of either end. */
  function windows(now, before, [first, last]) {
    const ends = (view) => [view.from || first, view.to || last];
    const [start, end] = ends(now);
    const was = before ? ends(before) : [start, end];
    const move = [between(was[0], start), between(was[1], end)];
    const moves = move[0] || move[1] ? [move] : [[1, 0], [0, -1]];
    return moves.map(([a, b]) => [shifted(start, a), shifted(end, b)])
      .filter(([from, to]) => from <= to && from >= first && to <= last);
  }

  /* The query of another window, written as the page's address writes it. */
  function query(wanted, [from, to], [first, last]) {
    const days = from === first && to === last ? [] : [["from", from], ["to", to]];
    const rest = [...new URLSearchParams(wanted.q)].filter(([name]) => name !== "from" && name !== "to");
    return new URLSearchParams([...days, ...rest]).toString();
  }

  function queries(wanted, before, data) {
    const days = data.claims.days.map(([day]) => day);
    const many = data.layers.reduce((sum, layer) => sum + layer.features.length, 0) > MOST;
    if (days.length < 2 || many) return [];
    const ends = [days[0], days[days.length - 1]];
    return windows(wanted, before, ends).map((window_) => query(wanted, window_, ends));
  }

  const idle = window.requestIdleCallback || ((run) => setTimeout(run, 120));
  let waiting = null;

  /* Fetches them in a quiet moment; a later view takes an earlier one's guesses off the list. */
  function fetchNext(wanted, before, data, fetchOne) {
    const mine = { wanted };
    waiting = mine;
    idle(() => {
      if (waiting !== mine) return;
      for (const q of queries(wanted, before, data)) {
        for (const name of ["claims", ...wanted.layers]) fetchOne(name, { ...wanted, q }).catch(() => {});
      }
    }, { timeout: 1500 });
  }

  window.ahead = { fetchNext };
})();
