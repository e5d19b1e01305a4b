/* The symbols of places: badge, name, outline and list. Claims of one place share a symbol: nothing is
   scattered to make room, since the source gives no spot inside the place. */
import { paths } from "./panes.js";
import { groupBy, isArea, isRoute, strongest, unpublished } from "./claim_groups.js";
import { listClaims } from "./claim_list.js";
import { config } from "./config.js";
import { coordinatesButton } from "./coordinates.js";
import { element, mapButton, shape, svg } from "./dom.js";
import { ring } from "./icons.js";
import { textMarker } from "./labels.js";
import { nameNode } from "./names.js";
import { placeTip } from "./place_tip.js";
import { spreadSymbols } from "./spread.js";
import { hideBubble, showBubble } from "./tooltips.js";

/** @typedef {{ labelled: boolean, rings: boolean, pick(id: string): void }} DrawOptions `labelled`: what was
 * reported is listed beside each place */

const APART = 36; // pixels between the middles of two symbols, at least

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
export class PlaceSymbols {
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
    const mark = unpublished(claims);
    node.append(element(
      "div", "site-text", nameNode(area ? "site-name area-name" : "site-name", place.properties),
      area && element("span", "site-note", "area approximate"),
      mark && element("span", "draft-mark", mark),
      (open || (labelled && !area)) && coordinatesButton(place),
      claims.length && labelled && !isRoute(place) && !area
        && listClaims(this.state, claims, at[0], { chosen: this.chosen, pick: this.options.pick }),
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
