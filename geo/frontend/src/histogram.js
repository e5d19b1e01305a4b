/* Reports by day, under the map. A drag, a click or the keyboard sets the window of days.
   Dark bars are the reports shown, pale ones those of days outside the window. */
(() => {
  "use strict";
  const { element } = window.signs;
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  let box = null;
  let state = null; // {days, from, to, set}
  let drag = null;
  let stripOpen = null; // null: as the height of the map allows
  const SHORT = {
    khmeimim: "Khmeimim", tartus: "Tartus", "tartus-offshore": "Off Tartus", "convoy-damascus-homs": "Road north",
  };

  const words = (iso) => `${Number(iso.slice(8))} ${MONTHS[Number(iso.slice(5, 7)) - 1]}`;
  const inside = (day, from, to) => (!from || day >= from) && (!to || day <= to);

  function add(map) {
    box = element("section", "timeline");
    box.setAttribute("aria-label", "Reports by day");
    document.body.append(box);
    window.addEventListener("pointerup", finish);
    map.invalidateSize({ animate: false });
  }

  function draw(next) {
    state = next;
    const top = Math.max(1, ...state.days.map(([, shown, other]) => shown + other));
    const head = element("div", "timeline-head");
    const hint = element("span", "timeline-hint");
    hint.append(element("span", "hint-words", "drag across days to choose them"));
    head.append(element("span", "", "Reports by day"), hint);
    if (state.from || state.to) {
      const every = element("button", "timeline-all", "All days");
      every.type = "button";
      every.addEventListener("click", () => state.set(null, null));
      head.append(every);
    }
    const bars = element("div", "days");
    bars.style.setProperty("--days", state.days.length);
    const step = Math.ceil(state.days.length / Math.max(3, Math.floor(window.innerWidth / 74)));
    state.days.forEach((day, position) => bars.append(column(day, position, top, step)));
    const focused = box.contains(document.activeElement) && document.activeElement.dataset.day;
    box.replaceChildren(head, bars);
    strip(head);
    room();
    if (focused) box.querySelector(`[data-day="${focused}"]`)?.focus();
  }

  /* Coverage: one row a place, one cell a day. Seen, reported or no data: told apart by shape. */
  const CELL = {
    s: ["cell seen", "seen"], r: ["cell reported", "reported in words"], "-": ["cell none", "no data, which is no sign of absence"],
  };

  function strip(head) {
    if (!state.coverage.length) return;
    const small = window.innerHeight < 640 && state.coverage.length > 1;
    const shown = stripOpen === null ? !small : stripOpen;
    const toggle = element("button", "timeline-all", shown ? "Hide coverage" : "Show coverage");
    toggle.type = "button";
    toggle.setAttribute("aria-expanded", String(shown));
    toggle.addEventListener("click", () => { stripOpen = !shown; draw(state); });
    head.append(toggle);
    if (!shown) return;
    head.querySelector(".timeline-hint").append(key_());
    for (const row of state.coverage) {
      const line = element("div", "coverage");
      line.append(element("span", "coverage-name", SHORT[row.place] || row.name));
      const cells = element("div", "days cells");
      cells.style.setProperty("--days", state.days.length);
      [...row.days].forEach((letter, position) => cells.append(cell(row, letter, position)));
      line.append(cells);
      box.append(line);
    }
  }

  function key_() {
    const node = element("span", "coverage-key");
    for (const [className, text] of [CELL.s, CELL.r, ["cell none", "no data"]]) {
      const mark = element("span", className);
      mark.append(element("i"));
      node.append(mark, element("span", "", text));
    }
    return node;
  }

  function cell(row, letter, position) {
    const [day] = state.days[position];
    const [className, words_] = CELL[letter];
    const node = element("button", className);
    node.type = "button";
    node.tabIndex = letter === "-" ? -1 : 0;
    const kinds = row.kinds[position] ? ` (${row.kinds[position]})` : "";
    node.title = `${row.name}, ${words(day)}: ${words_}${kinds}`;
    node.setAttribute("aria-label", node.title);
    node.append(element("i"));
    node.addEventListener("click", () => state.set(day, day, row.place));
    return node;
  }

  /* The map gives way to what stands here. */
  function room() {
    const rows = box.querySelectorAll(".coverage").length;
    document.documentElement.style.setProperty("--timeline", `${112 + rows * 20}px`);
  }

  function column([day, shown, other], position, top, step) {
    const node = element("button", `day${inside(day, state.from, state.to) ? " in" : ""}`);
    node.type = "button";
    node.dataset.day = day;
    node.tabIndex = position === 0 ? 0 : -1;
    node.setAttribute("aria-label", `${words(day)}: ${shown} shown${other ? `, ${other} outside the view` : ""}`);
    node.title = node.getAttribute("aria-label");
    const stack = element("span", "stack");
    if (other) stack.append(bar("bar other", other, top));
    if (shown) stack.append(bar("bar shown", shown, top));
    const number = element("span", "number", shown || (other ? "" : ""));
    stack.prepend(number);
    node.append(stack, element("span", "day-name", position % step === 0 ? words(day) : ""));
    node.addEventListener("pointerdown", (event) => { event.preventDefault(); node.focus(); drag = { from: day, to: day }; mark(); });
    node.addEventListener("pointerenter", () => { if (drag) { drag.to = day; mark(); } });
    node.addEventListener("keydown", (event) => key(event, position));
    return node;
  }

  function bar(className, count, top) {
    const node = element("i", className);
    node.style.height = `${(count / top) * 100}%`;
    return node;
  }

  const ends = () => (drag.from <= drag.to ? [drag.from, drag.to] : [drag.to, drag.from]);

  function mark() {
    const [from, to] = ends();
    for (const node of box.querySelectorAll(".day")) {
      node.classList.toggle("brushed", node.dataset.day >= from && node.dataset.day <= to);
    }
  }

  function finish() {
    if (!drag) return;
    const [from, to] = ends();
    drag = null;
    state.set(from, to);
  }

  /* Arrows move, Enter takes a day, Shift and an arrow widens or narrows the window. */
  function key(event, position) {
    const nodes = [...box.querySelectorAll(".day")];
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by) {
      const next = nodes[Math.min(Math.max(position + by, 0), nodes.length - 1)];
      next.focus();
      if (event.shiftKey) {
        drag = drag || { from: nodes[position].dataset.day, to: nodes[position].dataset.day };
        drag.to = next.dataset.day;
        mark();
      }
    } else if (event.key === "Enter" || event.key === " ") {
      drag = drag || { from: nodes[position].dataset.day, to: nodes[position].dataset.day };
      finish();
    } else if (event.key === "Escape") {
      drag = null;
      draw(state);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  window.timeline = { add, draw };
})();
