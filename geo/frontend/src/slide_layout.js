/* A slide's words round the map, in the map's own document: headline, statements, legend, where
   sources differ, what is not observed, sources. Text is set with textContent only. What does not
   fit is left out whole, and counted. Looks: stage.css, in units of the canvas. */
(() => {
  "use strict";
  const { element } = window.signs;
  const SHAPES = { "16:9": 16 / 9, "4:3": 4 / 3 };
  const GROUPS = { place: "How well the place is known", stance: "What a report points to", certainty: "How certain", layer: "Further layers" };
  const SMALLEST = 8.5; // pixels of a unit; on a smaller canvas the parts stand below each other
  const HEAD = 0.34; // of the canvas' height, at most
  const parts = {};
  let deck = { scenes: [] };
  let drawn = null; // [scene, position, of]
  let acts = {};

  function open() {
    document.body.classList.add("staged");
    parts.root = element("main", "stage");
    for (const [name, tag] of Object.entries({ head: "header", map: "div", side: "aside", sheet: "section", foot: "footer", line: "div" })) {
      parts[name] = element(tag, `stage-${name}`);
      parts.root.append(parts[name]);
    }
    parts.head.setAttribute("aria-live", "polite");
    parts.sources = element("div", "stage-sources");
    parts.steps = element("nav", "stage-steps");
    parts.steps.setAttribute("aria-label", "Scenes");
    parts.foot.append(parts.sources, parts.steps);
    parts.done = element("i", "");
    parts.line.append(parts.done);
    document.body.prepend(parts.root);
    layout();
    window.addEventListener("resize", layout);
    document.fonts.addEventListener("loadingdone", layout);
  }

  function set(next) {
    deck = next;
    parts.root.dataset.mode = deck.mode;
    layout();
  }

  /* The canvas, its unit, and the map's place on it. */
  function layout() {
    const ratio = SHAPES[deck.shape];
    const { innerWidth: width, innerHeight: height } = window;
    const w = ratio ? Math.min(width, height * ratio) : width;
    const h = ratio ? w / ratio : height;
    let u = Math.min(w / 90, h / 56.25);
    const stacked = !ratio && u < SMALLEST;
    if (stacked) u = Math.min(Math.max(width / 26, 13), 16);
    document.documentElement.classList.toggle("stacked", stacked);
    parts.root.classList.toggle("stacked", stacked);
    const sizes = { w, h, u, left: (width - w) / 2, top: stacked ? 0 : (height - h) / 2 };
    for (const [name, value] of Object.entries(sizes)) parts.root.style.setProperty(`--${name}`, `${value}px`);
    parts.root.style.setProperty("--k", u / 12.8);
    reserve(stacked, h);
    parts.scale = stacked ? 1 : Math.max(1, u / 14);
    if (drawn) draw(...drawn); else place();
  }

  /* Every scene has the same room above and below the map, so that the map keeps its size. */
  function reserve(stacked, height) {
    for (const name of ["head", "foot"]) {
      parts.root.style.setProperty(`--${name}`, "0px");
      if (stacked) continue;
      const most = name === "head" ? HEAD * height : 0.16 * height;
      const tall = deck.scenes.map((scene) => { fill(name, scene, most); return parts[name].offsetHeight; });
      parts.root.style.setProperty(`--${name}`, `${Math.min(Math.max(0, ...tall), most)}px`);
    }
  }

  /* The map is drawn smaller and shown larger on a large canvas: names and lines grow with it. */
  function place() {
    const { scale } = parts;
    const map = document.getElementById("map_div");
    const box = parts.map.getBoundingClientRect();
    if (window.board) window.board.scale = scale;
    const sizes = { left: box.left + window.scrollX, top: box.top + window.scrollY, width: box.width / scale, height: box.height / scale };
    for (const [name, value] of Object.entries(sizes)) map.style.setProperty(`--map-${name}`, `${value}px`);
    map.style.setProperty("--map-scale", scale);
  }

  function draw(scene, position, of) {
    if (!scene) return;
    drawn = [scene, position, of];
    const { root } = parts;
    root.dataset.scene = scene.key;
    root.classList.toggle("sheeted", Boolean(scene.blocks));
    fill("head", scene, HEAD * root.offsetHeight);
    fill("foot", scene, 0.16 * root.offsetHeight);
    if (scene.blocks) sheet(scene.blocks); else side(scene);
    steps(scene, position, of);
    place();
    if (parts.notes) parts.notes.replaceChildren(...paragraphs(scene.notes));
  }

  const paragraphs = (text) => text.split(/\n\s*\n/).map((part) => element("p", "", part));

  /* Takes whole items away, from the last one, until the rest fits; says how many went. */
  function trim(items, more, fits) {
    let left = 0;
    for (let i = items.length - 1; i >= 0 && !fits(); i -= 1) {
      items[i].remove();
      left += 1;
      more(left);
    }
  }

  function fill(name, scene, most) {
    if (name === "head") head(scene, most); else sources(scene, most);
  }

  function head(scene, most) {
    const when = element("p", "stage-when");
    if (scene.window) when.append(element("b", "", scene.window));
    if (scene.counted) when.append(element("span", "", scene.counted));
    const lines = scene.lines.map((line) => element("p", "", line));
    const box = element("div", "stage-lines");
    const rest = element("p", "stage-more");
    box.append(...lines);
    parts.head.replaceChildren(when, element("h1", "", scene.headline), box);
    if (parts.root.classList.contains("stacked")) return;
    trim(lines, (n) => { rest.textContent = `and ${n} more`; box.append(rest); }, () => natural(parts.head) <= most);
  }

  /* The height that a part's content takes, whatever height is kept for it. */
  function natural(part) {
    const style = getComputedStyle(part);
    const tops = [...part.children].map((child) => child.getBoundingClientRect());
    const bottom = Math.max(...tops.map((box) => box.bottom));
    return bottom - part.getBoundingClientRect().top + parseFloat(style.paddingBottom);
  }

  function sources(scene, most) {
    const line = element("p", "");
    const said = scene.sources.map((one, i) => element("span", "", `${i ? "; " : ""}${one}`));
    const rest = element("span", "");
    line.append(element("b", "", "Sources "), ...said, rest);
    parts.sources.replaceChildren(...(said.length ? [line] : []), element("p", "", scene.credit));
    if (!parts.root.classList.contains("stacked")) {
      trim(said.slice(1), (n) => { rest.textContent = `; and ${n} more`; }, () => parts.sources.offsetHeight <= most - 20);
    }
  }

  function section(title, ...inside) {
    const box = element("section", "");
    box.append(element("h2", "", title), ...inside);
    return box;
  }

  function legend(scene) {
    const box = element("div", "stage-legend");
    for (const [group, title] of Object.entries(GROUPS)) {
      const some = scene.legend.filter((entry) => entry.group === group);
      if (!some.length) continue;
      const rows = element("div", `stage-rows of-${group}`);
      for (const entry of some) {
        const row = element("div", "stage-row");
        const sign = element("span", "stage-sign");
        sign.append(window.furniture.swatch(entry, window.looks));
        const label = element("span", "", entry.count ? `${entry.label} ` : entry.label);
        if (entry.count) label.append(element("b", "", entry.count.toLocaleString("en")));
        row.append(sign, label);
        rows.append(row);
        const shades = group === "layer" && scene.legend.find((one) => one.group === "shades" && one.key === entry.key);
        if (shades) rows.append(window.furniture.shadesOf(shades));
      }
      box.append(section(title, rows));
    }
    return box;
  }

  /* What sources say stands side by side, without a verdict. */
  function question({ question: asked, answers }) {
    const box = element("div", "stage-question");
    const said = element("p", "");
    answers.split(/ \/ | against /).forEach((answer, i) => {
      if (i) said.append(element("i", "unequal", " ≠ "));
      said.append(answer);
    });
    box.append(element("h3", "", asked), said);
    return box;
  }

  function side(scene) {
    const asked = scene.questions.map(question);
    const more = element("p", "stage-more");
    const box = parts.side;
    const differ = asked.length ? [section("Where sources differ", ...asked)] : [];
    if (asked.length) differ[0].firstChild.prepend(element("i", "stage-unequal", "≠"), " "); // as on the map
    const unseen = scene.unseen ? [section("Not observed", element("p", "", scene.unseen))] : [];
    box.classList.remove("tight");
    box.replaceChildren(legend(scene), ...differ, ...unseen);
    if (parts.root.classList.contains("stacked")) return;
    const fits = () => box.scrollHeight <= box.clientHeight + 1;
    if (!fits()) box.classList.add("tight");
    trim(asked, (n) => {
      more.textContent = n === asked.length ? `${n === 1 ? "1 question" : `${n} questions`}: see Conflicts` : `and ${n} more`;
      differ[0].append(more);
    }, fits);
  }

  /* A page without a map: its content as blocks in columns. */
  function sheet(blocks) {
    const nodes = blocks.map(({ kicker, title, text, note, stance }) => {
      const box = element("article", `stage-block ${stance ? `stance-of-${stance}` : ""}`);
      box.dataset.lead = String(!text && !note && !kicker);
      if (kicker) box.append(element("p", "stage-kicker", kicker));
      if (title) box.append(element("h3", "", title));
      if (text) box.append(element("p", "", text));
      if (note) box.append(element("p", "stage-note", note));
      return box;
    });
    const more = element("p", "stage-more");
    const box = parts.sheet;
    box.replaceChildren(...nodes);
    let gone = 0;
    const heading = () => { const last = nodes[nodes.length - gone - 1]; return gone > 0 && last && last.dataset.lead === "true"; };
    trim(nodes, (n) => { gone = n; more.textContent = `and ${n} more`; box.append(more); },
      () => box.scrollWidth <= box.clientWidth + 1 && !heading());
  }

  function controls(given) {
    acts = given;
  }

  function button(className, text, label, run) {
    const node = element("button", className, text);
    node.type = "button";
    node.setAttribute("aria-label", label);
    node.title = label;
    node.addEventListener("click", run);
    node.addEventListener("pointerdown", (event) => event.preventDefault()); // the keys stay with the stage
    return node;
  }

  /* Built once; a key press changes words and states in it, so that focus stays where it is. */
  function steps(scene, position, of) {
    if (!parts.count) {
      parts.previous = button("stage-step", "←", "Previous scene", () => acts.go("previous"));
      parts.next = button("stage-step", "→", "Next scene", () => acts.go("next"));
      parts.count = element("span", "stage-count");
      parts.view = element("a", "stage-open", "Open this view");
      parts.view.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || window.handout) return;
        event.preventDefault();
        acts.open();
      });
      parts.noted = button("stage-quiet", "Notes", "Speaker notes (s)", () => acts.notes());
      parts.left = button("stage-quiet", "Leave", "Leave the presentation (Escape)", () => acts.leave());
      parts.steps.append(parts.previous, parts.count, parts.next, parts.view, parts.noted, parts.left);
    }
    parts.count.textContent = `${position + 1} / ${of}`;
    parts.previous.disabled = position === 0;
    parts.next.disabled = position === of - 1;
    parts.done.style.width = `${(100 * (position + 1)) / of}%`;
    const address = window.handout ? scene.link : new URL(`../..${scene.link}`, window.location.href).href;
    parts.view.hidden = !/^https?:/.test(address);
    if (!parts.view.hidden) parts.view.href = address;
    if (window.handout) { parts.left.hidden = true; parts.view.target = "_blank"; parts.view.rel = "noopener"; }
  }

  /* Where there is no second window, the notes lie over the foot of the slide. */
  function notes() {
    if (parts.notes) { parts.notes.remove(); parts.notes = null; return; }
    parts.notes = element("section", "stage-notes");
    parts.notes.setAttribute("aria-label", "Speaker notes");
    parts.notes.append(...paragraphs(drawn ? drawn[0].notes : ""));
    parts.root.append(parts.notes);
  }

  window.stage = { open, set, draw, controls, notes };
})();
