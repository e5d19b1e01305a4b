/* The speaker's window: hears from the stage what is shown, and may lead it. Which stage: the
   name behind # in the address, or the first one that answers. */
(() => {
  "use strict";
  const NEXT = ["ArrowRight", "ArrowDown", " ", "PageDown", "Enter", "n"];
  const PREVIOUS = ["ArrowLeft", "ArrowUp", "PageUp", "Backspace", "p"];
  const PATIENCE = 1500; // ms in which a stage answers
  const NOBODY = "No presentation is open. Open the page Present; this window then follows it.";
  const channel = new BroadcastChannel("briefing");
  const parts = Object.fromEntries([...document.querySelectorAll("[data-part]")].map((node) => [node.dataset.part, node]));
  const doers = Object.fromEntries([...document.querySelectorAll("[data-do]")].map((node) => [node.dataset.do, node]));
  let stage = decodeURIComponent(window.location.hash.slice(1)) || null;
  const chosen = stage !== null;
  let heard = 0; // when the stage last spoke, ms

  const ask = (what) => channel.postMessage({ to: "stage", id: stage, ask: what });

  function paragraphs(text) {
    if (!text.trim()) return [line("No notes for this scene.", "none")];
    return text.split(/\n\s*\n/).map((part) => line(part, ""));
  }

  function line(text, className) {
    const node = document.createElement("p");
    node.className = className;
    node.textContent = text;
    return node;
  }

  function absent() {
    parts.absent.textContent = NOBODY;
    parts.absent.hidden = false;
    parts.now.hidden = true;
    parts.foot.hidden = true;
    parts.position.textContent = "";
    parts.title.textContent = "Speaker notes";
  }

  channel.addEventListener("message", ({ data }) => {
    if (!data || data.to !== "notes" || (stage !== null && data.id !== stage)) return;
    if (data.closed) { heard = 0; if (!chosen) stage = null; absent(); return; }
    stage = data.id;
    heard = Date.now();
    document.documentElement.dataset.theme = data.theme;
    parts.absent.hidden = true;
    parts.now.hidden = false;
    parts.foot.hidden = false;
    parts.position.textContent = `${data.position} / ${data.of}`;
    parts.title.textContent = data.title;
    parts.headline.textContent = data.headline;
    parts.next.textContent = data.next || "— the end";
    if (parts.notes.dataset.of !== `${data.position} ${data.notes}`) {
      parts.notes.dataset.of = `${data.position} ${data.notes}`;
      parts.notes.replaceChildren(...paragraphs(data.notes));
      parts.notes.scrollTop = 0;
    }
    doers.previous.disabled = data.position === 1;
    doers.next.disabled = data.position === data.of;
  });

  /* The stage is asked again and again, so that one which opens later, or is gone, is noticed. */
  function look() {
    ask("state");
    window.setTimeout(() => { if (Date.now() - heard > 2 * PATIENCE) absent(); }, PATIENCE);
  }

  /* Time of day, and a timer that somebody starts, halts and sets back. */
  const timer = { since: null, before: 0 };
  const spent = () => timer.before + (timer.since === null ? 0 : Date.now() - timer.since);

  function tick() {
    const all = Math.floor(spent() / 1000);
    const two = (number) => String(number).padStart(2, "0");
    const hours = Math.floor(all / 3600);
    parts.timer.textContent = `${hours ? `${hours}:${two(Math.floor(all / 60) % 60)}` : Math.floor(all / 60)}:${two(all % 60)}`;
    parts.clock.textContent = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    doers.start.textContent = timer.since !== null ? "Pause" : timer.before ? "Go on" : "Start";
  }

  function startOrPause() {
    if (timer.since === null) timer.since = Date.now();
    else { timer.before = spent(); timer.since = null; }
    tick();
  }

  function reset() {
    timer.before = 0;
    if (timer.since !== null) timer.since = Date.now();
    tick();
  }

  const acts = { start: startOrPause, reset, next: () => ask("next"), previous: () => ask("previous") };
  for (const [name, node] of Object.entries(doers)) node.addEventListener("click", acts[name]);

  window.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const button = event.target.closest && event.target.closest("button");
    if (button && (name === " " || name === "Enter")) return;
    const what = NEXT.includes(name) ? "next" : PREVIOUS.includes(name) ? "previous" : { Home: "first", End: "last" }[name];
    if (!what) return;
    event.preventDefault();
    if (!event.repeat) ask(event.shiftKey && name === " " ? "previous" : what);
  });
  window.addEventListener("pagehide", () => channel.close());

  look();
  tick();
  window.setInterval(look, PATIENCE);
  window.setInterval(tick, 500);
})();
