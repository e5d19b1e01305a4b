/* How claims, places and routes are drawn. Claims of one place share a symbol: nothing is scattered
   to make room, since the source gives no spot inside the place. */
import { paths } from "./basemap.js";
import { config } from "./config.js";
import { roomOfLegend } from "./controls.js";
import { coordinatesButton } from "./coordinates.js";
import { element, mapButton, shape, svg } from "./dom.js";
import { evidenceIcon, ring, stanceIcon } from "./icons.js";
import { textMarker } from "./labels.js";
import { spreadSymbols } from "./spread.js";
import { hideBubble, showBubble, tip } from "./tooltips.js";

const NOT_RATED = "not rated";
const RATING = "Rating"; // of source and report together, such as B2
const LONGEST_CODE = 4; // letters; a rating in words is in the tooltip and in the panel
const LINE = 26; // pixels of one line of a place's list
const APART = 36; // pixels between the middles of two symbols, at least
const FOLDED = 116; // pixels of the place's name above its list, and of the folded legend and credits below

/** @typedef {{ labelled: boolean, rings: boolean, pick(id: string): void }} DrawOptions `labelled`: what was
 * reported is listed beside each place */

/** @template T
 * @param {T[]} items @param {(item: T) => string} key @returns {Map<string, T[]>} */
export function groupBy(items, key) {
  const groups = new Map();
  for (const item of items) {
    const name = key(item);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(item);
  }
  return groups;
}

/** @param {Place} place */
const isRoute = (place) => place.properties.location_class === "route-inferred";

/** @param {Place} place */
const isArea = (place) => place.properties.location_class === "area";

/** @param {Claim} claim */
const opacity = (claim) => config.certainty[claim.properties.certainty]?.opacity ?? 0.5;

/** @param {Claim[]} claims */
const strongest = (claims) => Math.max(...claims.map(opacity));

/** What marks claims that are not published, such as "draft"; empty if all are.
 * @param {Claim[]} claims */
function unpublished(claims) {
  const states = new Set(claims.map((claim) => claim.properties.review));
  return Object.entries(config.review).find(([state]) => states.has(state))?.[1] ?? "";
}

/** Draw all claims with their places, routes and rings.
 * @param {L.LayerGroup} into @param {MapState} state @param {MapData} data @param {DrawOptions} options */
export function addClaims(into, state, data, options) {
  const drawn = data.claims.features.filter((claim) => claim.geometry);
  const places = new Map(data.places.features.map((place) => [place.id, place]));
  const groups = groupBy(drawn, (claim) => claim.properties.place);
  const symbols = new PlaceSymbols(into, state, data.claims, options);
  if (options.rings) addRings(into, data.rings);
  if ([...places.values()].some((place) => isRoute(place) && groups.has(place.id))) addRoutes(into, data.routes);
  for (const place of places.values()) {
    if (!groups.has(place.id) && !isRoute(place) && !isArea(place)) {
      symbols.outline(place, "quiet", []);
      symbols.site(place, []);
    }
  }
  symbols.spread([...groups].flatMap(([id, claims]) => places.get(id) ? [{ place: places.get(id), claims }] : []));
  for (const id of [...groups.keys()].sort()) {
    const place = places.get(id);
    const claims = groups.get(id) ?? [];
    if (!place) continue;
    if (!isRoute(place)) {
      for (const [kind, some] of groupBy(claims, (claim) => claim.properties.location_class)) {
        symbols.outline({ ...place, geometry: some[0].geometry ?? place.geometry }, kind, some);
      }
    }
    symbols.site(place, claims);
  }
}

/** @param {Place} place @param {Claim[]} claims */
function placeTip(place, claims) {
  const lines = [...groupBy(claims, (claim) => claim.properties.when)].slice(0, 4).map(([when, some]) => {
    const about = [...new Set(some.flatMap(({ properties: { systems, subject } }) => (systems.length ? systems : [subject])))];
    return element("span", "tip-line", `${when}: ${about.slice(0, 5).join(", ")}${about.length > 5 ? " …" : ""}`);
  });
  const { name, drawn_note: note } = place.properties;
  const count = `${claims.length} ${claims.length === 1 ? "report" : "reports"}`;
  const mark = unpublished(claims);
  const known = mark ? `${count}, some ${mark}` : count;
  return tip(name, known, ...lines, ...ratingLines(claims), note && element("em", "tip-note", note));
}

/** How the reports of a place are rated, one line for each rating; none where nothing is rated.
 * @param {Claim[]} claims */
function ratingLines(claims) {
  const titles = new Set(claims.flatMap(({ properties: { ratings } }) => Object.keys(ratings ?? {})));
  return [...titles].map((title) => {
    const byTerm = groupBy(claims, (claim) => claim.properties.ratings?.[title] ?? NOT_RATED);
    const terms = [...byTerm].filter(([term]) => term !== NOT_RATED);
    const rest = claims.length - terms.reduce((sum, [, some]) => sum + some.length, 0);
    const words = terms.map(([term, some]) => (some.length > 1 ? `${term} (${some.length})` : term));
    return element("span", "tip-line", `${title}: ${words.join(", ")}${rest ? `; ${rest} ${NOT_RATED}` : ""}`);
  });
}

/** Where a place's symbol and name are. From afar at the place's own point; close by at the edge of
 * its outline, since nothing is known of the spot inside it.
 * @param {Place} place @param {boolean} close @returns {{at: [lat: number, lon: number], side: "left" | "right"}} */
function anchor(place, close) {
  const { label_lon: lon, label_lat: lat } = place.properties;
  const { geometry } = place;
  if (!close || isRoute(place) || !geometry || !("coordinates" in geometry)) {
    return { at: [lat, lon], side: place.properties.label_side === "left" ? "left" : "right" };
  }
  const corners = /** @type {number[][]} */ (geometry.coordinates.flat(geometry.type === "Polygon" ? 1 : 2));
  const north = Math.max(...corners.map((corner) => corner[1]));
  if (isArea(place)) return { at: [north, corners.find((corner) => corner[1] === north)?.[0] ?? lon], side: "left" };
  return { at: [north, Math.max(...corners.map((corner) => corner[0]))], side: "right" };
}

/** The symbols of places, with the reports of each. */
class PlaceSymbols {
  /** @param {L.LayerGroup} into @param {MapState} state @param {ClaimsAnswer} claims @param {DrawOptions} options */
  constructor(into, state, claims, options) {
    this.into = into;
    this.state = state;
    this.options = options;
    this.chosen = state.requested?.chosen; // a claim or a place
    const claim = claims.features.find((one) => one.id === this.chosen);
    /** @type {Map<string, [x: number, y: number]>} */
    this.moved = new Map();
    this.open = claim ? claim.properties.place : this.chosen?.split(":")[0]; // the place whose panel is open
  }

  /** @param {Place} place @param {string} kind @param {Claim[]} claims */
  outline(place, kind, claims) {
    const strength = claims.length ? strongest(claims) : 0.5;
    const open = claims.length && this.open === place.id;
    const draft = claims.length && claims.every((claim) => claim.properties.review) ? " unpublished" : "";
    const className = `place place-${kind}${open ? " open" : ""}${draft}`;
    const style = { className, opacity: strength, fillOpacity: strength };
    const layer = paths(place, "areas", style, { interactive: claims.length > 0 });
    if (claims.length) {
      layer.on("click", (event) => { L.DomEvent.stopPropagation(event); this.options.pick(place.id); });
      layer.bindTooltip(() => placeTip(place, claims), { className: "map-tip", sticky: true, direction: "top" });
    }
    this.into.addLayer(layer);
  }

  /** Move symbols that would cover each other, by pixels at this zoom.
   * @param {Array<{place: Place | undefined, claims: Claim[]}>} shown */
  spread(shown) {
    const { labelled } = this.options;
    const symbols = shown.flatMap(({ place, claims }) => {
      if (!place) return [];
      const { x, y } = this.state.map.latLngToLayerPoint(anchor(place, labelled).at);
      const [dx, dy] = isArea(place) && !labelled ? offArea() : [0, 0];
      return [{ id: place.id, x: x + dx, y: y + dy, weight: claims.length, fixed: isArea(place) }];
    });
    this.moved = spreadSymbols(symbols, APART);
  }

  /** @param {Place} place @param {Claim[]} claims */
  site(place, claims) {
    const { labelled } = this.options;
    const { at, side: usual } = anchor(place, labelled);
    const area = isArea(place);
    const off = area && !labelled ? offArea() : this.moved.get(place.id);
    const side = !off || area || !off[0] ? usual : off[0] < 0 ? "left" : "right";
    const open = claims.length > 0 && this.open === place.id;
    const node = element("div", `site side-${side}${open ? " open" : ""}${labelled ? " close" : ""}${isRoute(place) ? " route" : ""}`);
    node.dataset.place = place.id;
    if (off) node.append(leader(node, off));
    node.append(claims.length ? this.badge(place, claims) : element("i", "site-dot"));
    const name = place.properties.map_label || place.properties.name;
    const mark = unpublished(claims);
    node.append(element(
      "div", "site-text", element("span", area ? "site-name area-name" : "site-name", name),
      area && element("span", "site-note", "area approximate"),
      mark && element("span", "draft-mark", mark),
      (open || (labelled && !area)) && coordinatesButton(place),
      claims.length && labelled && !isRoute(place) && !area && this.list(claims, at[0]),
    ));
    this.into.addLayer(textMarker(at, node, "sites"));
  }

  /** @param {Place} place @param {Claim[]} claims */
  badge(place, claims) {
    const byStance = groupBy(claims, (claim) => claim.properties.stance);
    const parts = Object.keys(config.stance).flatMap((stance) => {
      const some = byStance.get(stance);
      return some ? [{ stance, count: some.length, opacity: strongest(some) }] : [];
    });
    const mark = unpublished(claims);
    const label = `${place.properties.name}: ${claims.length} reports${mark && `, some ${mark}`}; open them`;
    const node = mapButton(mark ? "badge unpublished" : "badge", "", label, () => this.options.pick(place.id));
    node.append(ring(parts, claims.length));
    if (claims.some((claim) => claim.properties.conflict)) node.append(element("span", "conflict-mark", "≠"));
    for (const enter of ["mouseenter", "focus"]) {
      node.addEventListener(enter, () => showBubble(node, placeTip(place, claims)));
    }
    for (const leave of ["mouseleave", "blur"]) node.addEventListener(leave, hideBubble);
    return node;
  }

  /** What was reported within the place, one line a system: a list, since no spot is given. */
  list(/** @type {Claim[]} */ claims, /** @type {number} */ lat) {
    const box = element("div", "fan");
    const lines = claims.flatMap((claim) => {
      const { systems, state, subject } = claim.properties;
      const about = systems.length ? systems : state ? [subject] : [];
      return about.map((system) => ({ claim, system }));
    });
    const groups = [...groupBy(lines, (line) => line.system)];
    const { y: height } = this.state.map.getSize();
    const [[south], [north]] = /** @type {[number, number][]} */ (this.state.options.bounds);
    // By the page's own frame, not by the camera: a link shows the list as it was shared.
    const below = height * Math.min(1, (lat - south) / (north - south)) - FOLDED;
    const free = Math.min(height - roomOfLegend().height - 172, below);
    const most = Math.max(3, Math.floor(free / LINE));
    for (const [system, some] of groups.slice(0, most)) box.append(this.line(system, some.map(({ claim }) => claim)));
    const rest = groups.length - most;
    const where = this.state.options.stage ? "" : " in the table";
    if (rest > 0) box.append(element("span", "fan-more", `and ${rest} more${where}`));
    return box;
  }

  /** @param {string} system @param {Claim[]} some */
  line(system, some) {
    const first = some.find((claim) => claim.id === this.chosen) || some[0];
    const { stance, evidence } = first.properties;
    const opens = some.length > 1 ? `${first.properties.place}:${system}` : first.id; // all that it counts
    const chosen = first.id === this.chosen || opens === this.chosen ? " chosen" : "";
    const node = mapButton(`fan-line stance-${stance}${chosen}`, "", "", () => this.options.pick(opens));
    node.dataset.claim = first.id;
    node.style.setProperty("--strength", String(strongest(some)));
    const counts = [...new Set(some.map((claim) => claim.properties.count).filter(Boolean))];
    const known = some.find((claim) => claim.properties.state)?.properties.state;
    node.append(stanceIcon(config.stance[stance].mark), element("b", "", system));
    if (counts.length === 1) node.append(element("span", "fan-count", counts[0]));
    const codes = [...new Set(some.map((claim) => claim.properties.ratings?.[RATING]))];
    if (codes.length === 1 && codes[0] && codes[0].length <= LONGEST_CODE) {
      node.append(element("span", "rating-code", codes[0]));
    }
    const mark = unpublished(some);
    if (mark) node.append(element("span", "fan-draft", mark));
    if (known) node.append(element("span", "fan-state", known));
    if (some.length > 1) node.append(element("span", "fan-reports", `${some.length} reports`));
    node.append(evidenceIcon(config.sign[evidence], 15));
    return node;
  }
}

/** How far a symbol is moved off an area that is too small for it.
 * @returns {[x: number, y: number]} */
const offArea = () => (window.innerWidth < 700 ? [-60, 62] : [-74, 46]);

/** Move a symbol aside, and draw the line between it and its place.
 * @param {HTMLElement} node @param {[x: number, y: number]} off pixels */
function leader(node, [x, y]) {
  node.style.transform = `translate(${x}px, ${y}px)`;
  const line = svg(1, "0 0 1 1", shape("line", { x1: 0, y1: 0, x2: -x, y2: -y }));
  line.classList.add("leader");
  return line;
}

/** @param {L.LayerGroup} into @param {Collection<RouteProperties>} data */
function addRoutes(into, data) {
  for (const feature of data.features) {
    const weak = feature.properties.inference !== "inferred";
    for (const className of weak ? ["route-weak"] : ["route-casing", "route"]) {
      const interactive = className !== "route-casing";
      const layer = paths(feature, "routes", { className, fill: false }, { interactive });
      if (interactive) {
        layer.bindTooltip(() => routeTip(feature.properties, weak), { className: "map-tip", sticky: true });
      }
      into.addLayer(layer);
    }
  }
}

/** @param {RouteProperties} route @param {boolean} weak */
const routeTip = ({ name, length_km: km }, weak) => tip(name, `${km.toFixed(0)} km as drawn`, element("em", "tip-note", weak
  ? "Onward leg: no source names it; a weaker inference"
  : "The sources name both ends; the road between is inferred"));

/** @param {L.LayerGroup} into @param {Collection<RingProperties>} data */
function addRings(into, data) {
  for (const feature of data.features) {
    const { radius_km: km, label_lon: lon, label_lat: lat } = feature.properties;
    into.addLayer(paths(feature, "base", { className: "ring", fill: false }));
    into.addLayer(textMarker([lat, lon], element("span", "ring-name", `${km} km`)));
  }
}
