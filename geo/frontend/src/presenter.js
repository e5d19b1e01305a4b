/* A briefing on the stage: which scene is shown, keys, swipes, notes. Scenes stand in the page as
   JSON in a hidden element, which is read as text. A step is drawn at once; the page hears of it,
   and its answer finds the work done. */
(() => {
  "use strict";
  const NEXT = ["ArrowRight", "ArrowDown", " ", "PageDown", "Enter", "n"];
  const PREVIOUS = ["ArrowLeft", "ArrowUp", "PageUp", "Backspace", "p"];
  const STATE = "data-test-script-state"; // where the page says whether its script runs
  const PATIENCE = 1000; // ms in which a run begins
  const SWIPE = 48; // pixels
  const CONTROL = ".stage a[href], .stage button"; // space and Enter are theirs while they have focus
  const TYPING = "input, textarea, select, [contenteditable]";
  const home = (() => { try { return window.parent.document && window.parent; } catch { return window; } })();
  const channel = window.handout ? null : new BroadcastChannel("briefing");
  const id = channel ? known() : "";
  let board = null;
  let text = "";
  let deck = { scenes: [] };
  let key = null; // of the scene that is wanted
  let sent = null; // what the page was told last, until it says the same
  let count = 0;
  let said = null; // what the page asked for last
  let waiting = null; // what the page is told next
  let run = "idle"; // of the page's script: idle, asked, running

  /* A name that this tab keeps over a reload, so that its notes find it again. */
  function known() {
    const name = sessionStorage.getItem("stage") || Math.random().toString(36).slice(2);
    sessionStorage.setItem("stage", name);
    return name;
  }

  const position = () => deck.scenes.findIndex((scene) => scene.key === key);
  const scene = () => deck.scenes[position()];

  function start(on) {
    board = on;
    window.stage.controls({ go, leave, open, notes });
    read();
    const watch = new MutationObserver(() => { read(); progress(); });
    watch.observe(home.document.body, {
      childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: [STATE],
    });
    const windows = new Set([window, home]);
    const overtaken = () => { sent = null; waiting = null; };
    windows.forEach((one) => one.addEventListener("keydown", pressed, true));
    home.addEventListener("popstate", overtaken);
    swipes();
    if (channel) channel.addEventListener("message", (event) => answer(event.data || {}));
    window.addEventListener("pagehide", () => {
      watch.disconnect();
      windows.forEach((one) => one.removeEventListener("keydown", pressed, true));
      home.removeEventListener("popstate", overtaken);
      if (channel) { channel.postMessage({ to: "notes", id, closed: true }); channel.close(); }
    });
  }

  function read() {
    const node = home.document.querySelector("[data-slide]");
    if (!node || node.textContent === text) return;
    text = node.textContent;
    deck = JSON.parse(text);
    window.stage.set(deck);
    painted();
  }

  /* Whether what the page asks for is what is wanted; a person who is ahead is not called back. */
  function follows(wanted) {
    said = wanted;
    if (sent !== null && wanted.scene.key !== sent) return false;
    sent = null;
    key = wanted.scene.key;
    return true;
  }

  /* Words and map change together: the words of a scene wait for its features, and for no others. */
  function painted() {
    const { wanted } = board;
    if (!wanted || !window.paintedSelection || !wanted.scene) return;
    const now = deck.scenes.find((one) => one.key === wanted.scene.key);
    if (!now || now.token !== window.paintedSelection.token) return;
    const at = deck.scenes.indexOf(now);
    window.stage.draw(now, at, deck.scenes.length);
    board.map.getContainer().setAttribute("aria-label", now.alt);
    say();
    for (const near of [deck.scenes[at + 1], deck.scenes[at - 1]]) if (near) board.fetchOf(near.show);
  }

  /* One thing at a time, the latest: Streamlit refers to what it thinks the browser still keeps,
     and while a run ends that may have changed. */
  function tell(what) {
    waiting = what;
    progress();
  }

  function progress() {
    const state = (home.document.querySelector(`[${STATE}]`) || home.document.body).getAttribute(STATE);
    if (state === "running") run = "running";
    if ((state || "notRunning") !== "notRunning" || run === "asked") return;
    run = "idle";
    if (!waiting) { agree(); return; }
    count += 1;
    window.Streamlit.setComponentValue({ ...waiting, count });
    waiting = null;
    run = "asked";
    window.setTimeout(() => { if (run === "asked") { run = "idle"; progress(); } }, PATIENCE);
  }

  /* A step back may find a page that has not heard of the step before it: it then says nothing
     new, and what it said last holds. */
  function agree() {
    if (window.handout || sent !== null || !said || said.scene.key === key) return;
    key = said.scene.key;
    board.bring(said);
  }

  function go(to) {
    const now = position();
    const next = Math.min(Math.max(to === "next" ? now + 1 : to === "previous" ? now - 1 : to, 0), deck.scenes.length - 1);
    if (now < 0 || next === now) return;
    key = deck.scenes[next].key;
    if (window.handout) window.location.replace(`#${key}`);
    else sent = key;
    tell({ scene: key });
    board.bring(deck.scenes[next].show);
  }

  const leave = () => tell({ leave: true });
  const open = () => tell({ open: key });

  function notes() {
    if (window.handout) { window.stage.notes(); return; }
    window.open(new URL(`../../briefing/notes#${id}`, window.location.href), "briefing-notes", "popup,width=960,height=760");
  }

  const ACTS = {
    Home: () => go(0), End: () => go(deck.scenes.length - 1), Escape: leave, s: notes,
    ...Object.fromEntries(NEXT.map((name) => [name, () => go("next")])),
    ...Object.fromEntries(PREVIOUS.map((name) => [name, () => go("previous")])),
  };

  function pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const act = ACTS[event.shiftKey && name === " " ? "PageUp" : name];
    const on = (css) => event.target.closest && event.target.closest(css);
    if (!act || on(TYPING) || ([" ", "Enter"].includes(name) && on(CONTROL))) return;
    if (deck.mode !== "present" && deck.mode !== "handout" && name !== "Escape") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!event.repeat) act();
  }

  /* A finger that strokes across leads on or back; the map is then moved with two. */
  function swipes() {
    if (window.matchMedia("(pointer: coarse)").matches) board.map.dragging.disable();
    let from = null;
    document.addEventListener("touchstart", ({ touches }) => {
      from = touches.length === 1 ? { x: touches[0].clientX, y: touches[0].clientY } : null;
    }, { passive: true });
    document.addEventListener("touchend", ({ changedTouches: [touch] }) => {
      if (!from) return;
      const [x, y] = [touch.clientX - from.x, touch.clientY - from.y];
      from = null;
      if (Math.abs(x) > SWIPE && Math.abs(x) > 2 * Math.abs(y)) go(x < 0 ? "next" : "previous");
    }, { passive: true });
  }

  /* The notes' window hears what is shown, and may lead. */
  function say() {
    if (!channel || deck.mode !== "present" || !scene()) return;
    const [now, next] = [scene(), deck.scenes[position() + 1]];
    channel.postMessage({
      to: "notes", id, title: deck.title, position: position() + 1, of: deck.scenes.length, headline: now.headline,
      notes: now.notes, next: next ? next.headline : "", theme: document.documentElement.dataset.theme || "light",
    });
  }

  function answer({ to, id: whom, ask }) {
    if (to !== "stage" || (whom && whom !== id)) return;
    if (ask === "state") say();
    else if (ask === "first") go(0);
    else if (ask === "last") go(deck.scenes.length - 1);
    else if (ask === "next" || ask === "previous") go(ask);
  }

  window.present = { start, follows, painted };
})();
