/* A slide's words round the map, in the map's own document: headline, statements, legend, where
   sources differ, what is not observed, sources. Text is set with textContent only. How much is
   shown on a canvas is planned by geo/export/stage.py; only a page without a map is fitted
   here. Looks: slide_layout.css, in units of the canvas. */
import { config } from "./config.js";
import { densityScale, swatch } from "./controls.js";
import { button as plainButton, element, named } from "./dom.js";
import { choosePlan, paragraphs, splitAnswers, trimToFit } from "./fit_items.js";

/** @type {Record<string, number>} */
const SHAPES = { "16:9": 16 / 9, "4:3": 4 / 3 };
const UNTITLED = "signs"; // group of the legend whose words say it all
const SMALLEST = 8.5; // pixels of a unit; on a smaller canvas the parts follow each other

/** @typedef {"next" | "previous" | number} Target
 * @typedef {{ deck: Deck, go(to: Target): void, leave(): void, open(): void, notes(): void, play(): void }} Actions */

/** @param {string} text */
const paragraphNodes = (text) => paragraphs(text).map((part) => element("p", "", part));

/** A button that leaves the keys with the stage.
 * @param {string} className @param {string} text @param {string} label @param {() => void} run */
function button(className, text, label, run) {
  const node = named(plainButton(className, text, run), label);
  node.addEventListener("pointerdown", (event) => event.preventDefault());
  return node;
}

/** @param {string} title @param {...Node} inside */
const section = (title, ...inside) => element("section", "", element("h2", "", title), ...inside);

/** @param {LegendEntry} entry @param {LegendEntry[]} entries of all groups */
function legendRow(entry, entries) {
  const count = entry.count && element("b", "", entry.count.toLocaleString("en"));
  const label = element("span", "", count ? `${entry.label} ` : entry.label, count);
  const row = element("div", "stage-row", element("span", "stage-sign", swatch(entry)), label);
  return [row, ...densityScale(entry, entries)];
}

/** @param {Slide} slide @param {number} layers how many further layers are shown
 * @param {string[]} [without] groups that are left out */
function legend(slide, layers, without = []) {
  const sections = Object.entries(config.legendGroups).flatMap(([group, title]) => {
    const some = without.includes(group) ? [] : slide.legend.filter((entry) => entry.group === group);
    if (!some.length) return [];
    const shown = group === "layer" ? some.slice(0, layers) : some;
    const left = some.length - shown.length;
    const rows = shown.flatMap((entry) => legendRow(entry, slide.legend));
    const more = left && element("p", "stage-more", `and ${left} more`);
    const box = element("div", `stage-rows of-${group}`, ...rows, more);
    return [group === UNTITLED ? box : section(title, box)];
  });
  return element("div", "stage-legend", ...sections);
}

/** What sources say, side by side, without a verdict. @param {Slide["questions"][number]} asked */
function question({ question: text, answers }) {
  const parts = splitAnswers(answers).flatMap((answer, i) => [i && element("i", "unequal", " ≠ "), answer]);
  return element("div", "stage-question", element("h3", "", text), element("p", "", ...parts));
}

/** @param {SlideBlock} block */
function blockNode({ kicker, title, text, note, stance }) {
  const box = element(
    "article", `stage-block ${stance ? `stance-of-${stance}` : ""}`,
    kicker && element("p", "stage-kicker", kicker), title && element("h3", "", title),
    text && element("p", "", text), note && element("p", "stage-note", note),
  );
  box.dataset.lead = String(!text && !note && !kicker);
  return box;
}

/** The image beside the chosen report, with its credit under it.
 * @param {NonNullable<Slide["image"]>} image @param {URL | null} root @param {number} [height] in units */
function figure({ src, alt, credit }, root, height) {
  const picture = element("img");
  picture.src = root ? new URL(src, root).href : src;
  picture.alt = alt;
  if (height) picture.style.height = `calc(${height} * var(--u))`;
  return element("figure", "stage-image", picture, element("figcaption", "", credit));
}

export class SlideLayout {
  /** @param {MapState} state @param {Actions} actions */
  constructor(state, actions) {
    this.state = state;
    this.actions = actions;
    /** @type {[slide: Slide, position: number, of: number] | null} */
    this.drawn = null;
    /** @type {CanvasPlan | undefined} none where the parts follow each other */
    this.plan = undefined;
    /** @type {HTMLElement | null} the notes over the foot of the slide */
    this.notesBox = null;
    document.body.classList.add("staged");
    this.head = element("header", "stage-head");
    this.map = element("div", "stage-map");
    this.side = element("aside", "stage-side");
    this.sheet = element("section", "stage-sheet");
    this.sources = element("div", "stage-sources");
    this.steps = this.createSteps();
    this.done = element("i");
    const foot = element("footer", "stage-foot", this.sources, this.steps.root);
    const line = element("div", "stage-line", this.done);
    this.root = element("main", "stage", this.head, this.map, this.side, this.sheet, foot, line);
    this.head.setAttribute("aria-live", "polite");
    document.body.prepend(this.root);
    this.layout();
    window.addEventListener("resize", () => this.layout());
    document.fonts.addEventListener("loadingdone", () => this.layout());
  }

  /** Compute the canvas, its unit, and the map's place on it. */
  layout() {
    const { shape, plans } = this.actions.deck;
    const ratio = shape ? SHAPES[shape] : undefined;
    const { innerWidth: width, innerHeight: height } = window;
    const w = ratio ? Math.min(width, height * ratio) : width;
    const h = ratio ? w / ratio : height;
    let u = Math.min(w / 90, h / 56.25);
    const stacked = !ratio && u < SMALLEST;
    if (stacked) u = Math.min(Math.max(width / 26, 13), 16);
    document.documentElement.classList.toggle("stacked", stacked);
    this.root.classList.toggle("stacked", stacked);
    this.plan = stacked ? undefined : choosePlan(plans, w / u, h / u);
    // every scene has the same room above and below the map, so that the map keeps its size
    const [head, foot] = [(this.plan?.head ?? 0) * u, (this.plan?.foot ?? 0) * u];
    const sizes = { w, h, u, left: (width - w) / 2, top: stacked ? 0 : (height - h) / 2, head, foot };
    for (const [name, value] of Object.entries(sizes)) this.root.style.setProperty(`--${name}`, `${value}px`);
    this.root.style.setProperty("--k", String(u / 12.8));
    this.state.scale = stacked ? 1 : Math.max(1, u / 14);
    if (this.drawn) this.draw(...this.drawn); else this.placeMap();
  }

  /** Draw the map smaller and show it larger on a large canvas: names and lines grow with it. */
  placeMap() {
    const { scale } = this.state;
    const map = /** @type {HTMLElement} */ (document.getElementById("map_div"));
    const box = this.map.getBoundingClientRect();
    const sizes = {
      left: box.left + window.scrollX, top: box.top + window.scrollY, width: box.width / scale, height: box.height / scale,
    };
    for (const [name, value] of Object.entries(sizes)) map.style.setProperty(`--map-${name}`, `${value}px`);
    map.style.setProperty("--map-scale", String(scale));
  }

  /** @param {Slide} slide @param {number} position @param {number} of */
  draw(slide, position, of) {
    this.drawn = [slide, position, of];
    this.root.dataset.scene = slide.key;
    this.root.classList.toggle("sheeted", Boolean(slide.blocks));
    const plan = this.plan?.scenes[this.actions.deck.scenes.findIndex((one) => one.key === slide.key)];
    this.drawHead({ ...slide, ...plan?.cut }, plan);
    this.drawSources(slide, plan?.sources);
    if (slide.blocks) this.drawSheet(slide.blocks); else this.drawSide(slide, plan);
    this.drawSteps(slide, position, of);
    this.placeMap();
    this.notesBox?.replaceChildren(...paragraphNodes(slide.notes));
  }

  /** @param {Slide} slide @param {ScenePlan} [plan] */
  drawHead(slide, plan) {
    const when = element("p", "stage-when", slide.window && element("b", "", slide.window));
    if (slide.counted) when.append(element("span", "", slide.counted));
    const box = element("div", "stage-lines", ...slide.lines.map((line) => element("p", "", line)));
    const headline = element("h1", "", slide.headline);
    if (plan) headline.style.setProperty("--headline", `calc(${plan.headline} * var(--u))`);
    this.head.replaceChildren(when, headline, box);
  }

  /** @param {Slide} slide @param {number} [shown] how many sources are named */
  drawSources(slide, shown = slide.sources.length) {
    const left = slide.sources.length - shown;
    const text = `${slide.sources.slice(0, shown).join("; ")}${left ? `; and ${left} more` : ""}`;
    const line = element("p", "", element("b", "", slide.part ? "Sources, all days " : "Sources "), text);
    this.sources.replaceChildren(...(slide.sources.length ? [line] : []), element("p", "", slide.credit));
  }

  /** @param {Slide} slide @param {ScenePlan} [plan] */
  drawSide(slide, plan) {
    const total = slide.questions.length;
    const shown = plan?.questions ?? total;
    const left = total - shown;
    const differ = section("Where sources differ", ...slide.questions.slice(0, shown).map(question));
    differ.firstElementChild?.prepend(element("i", "stage-unequal", "≠"), " "); // as on the map
    const more = shown ? `and ${left} more` : `${left === 1 ? "1 question" : `${left} questions`}: see Conflicts`;
    if (left) differ.append(element("p", "stage-more", more));
    const unseen = slide.unseen ? [section("Not observed", element("p", "", slide.unseen))] : [];
    this.side.classList.toggle("tight", Boolean(plan?.tight));
    const image = slide.image ? [figure(slide.image, this.state.host.root, plan?.image)] : [];
    const known = legend(slide, plan?.layers ?? Infinity, plan?.without);
    this.side.replaceChildren(...image, known, ...(total ? [differ] : []), ...unseen);
  }

  /** A page without a map: its content as blocks in columns. @param {SlideBlock[]} blocks */
  drawSheet(blocks) {
    const box = this.sheet;
    const nodes = blocks.map(blockNode);
    const more = element("p", "stage-more");
    box.replaceChildren(...nodes);
    let left = 0;
    const endsWithHeading = () => left > 0 && nodes[nodes.length - left - 1]?.dataset.lead === "true";
    trimToFit(nodes, (n) => { left = n; more.textContent = `and ${n} more`; box.append(more); },
      () => box.scrollWidth <= box.clientWidth + 1 && !endsWithHeading());
  }

  /** Built once; a key press changes words and states in it, so that focus stays where it is. */
  createSteps() {
    const root = element("nav", "stage-steps");
    root.setAttribute("aria-label", "Scenes");
    const previous = button("stage-step", "←", "Previous scene", () => this.actions.go("previous"));
    const next = button("stage-step", "→", "Next scene", () => this.actions.go("next"));
    const count = element("span", "stage-count");
    const view = element("a", "stage-open", "Open this view");
    view.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || this.state.host.offline) return;
      event.preventDefault();
      this.actions.open();
    });
    const played = button("stage-quiet stage-play", "Play", "Play the days (k)", () => this.actions.play());
    const noted = button("stage-quiet", "Notes", "Speaker notes (s)", () => this.actions.notes());
    const left = button("stage-quiet", "Leave", "Leave the presentation (Escape)", () => this.actions.leave());
    if (this.state.host.offline) { left.hidden = true; view.target = "_blank"; view.rel = "noopener"; }
    return { root, previous, next, count, view, played, buttons: [previous, count, next, played, view, noted, left] };
  }

  /** @param {Slide} slide @param {number} position @param {number} of */
  drawSteps(slide, position, of) {
    const { root, previous, next, count, view, played, buttons } = this.steps;
    played.hidden = !slide.playback;
    if (!root.childNodes.length) root.append(...buttons);
    count.textContent = `${position + 1} / ${of}`;
    previous.disabled = position === 0;
    next.disabled = position === of - 1;
    this.done.style.width = `${(100 * (position + 1)) / of}%`;
    const address = this.state.host.offline ? slide.link : new URL(`../..${slide.link}`, window.location.href).href;
    view.hidden = !/^https?:/.test(address);
    if (!view.hidden) view.href = address;
  }

  /** While days are played, a screen reader is not called at each of them. @param {boolean} playing */
  showPlaying(playing) {
    const { played } = this.steps;
    played.textContent = playing ? "Pause" : "Play";
    named(played, playing ? "Pause the days (k)" : "Play the days (k)");
    this.head.setAttribute("aria-live", playing ? "off" : "polite");
  }

  /** Where there is no second window, show or hide the notes over the foot of the slide. */
  toggleNotes() {
    if (this.notesBox) { this.notesBox.remove(); this.notesBox = null; return; }
    this.notesBox = element("section", "stage-notes", ...paragraphNodes(this.drawn?.[0].notes ?? ""));
    this.notesBox.setAttribute("aria-label", "Speaker notes");
    this.root.append(this.notesBox);
  }
}
