/* The symbols of places: badge, name, outline and list. Claims of one place share a symbol: nothing is
   scattered to make room, since the source gives no spot inside the place. Where each part is on the
   screen is computed for all of them together: place_layout.js. */
import { paths } from "./panes.js";
import { groupBy, isArea, isRoute, strongest, unpublished } from "./claim_groups.js";
import { listClaims } from "./claim_list.js";
import { config } from "./config.js";
import { coordinatesButton } from "./coordinates.js";
import { dayTail, daysKey } from "./day_precision.js";
import { element, mapButton } from "./dom.js";
import { ring } from "./icons.js";
import { textMarker } from "./labels.js";
import { nameNode } from "./names.js";
import { placeTip } from "./place_tip.js";
import { hideBubble, showBubble } from "./tooltips.js";
/** @import { Side } from "./label_layout.js" */

/** @import { KeptSymbols } from "./kept_symbols.js" */

/** @typedef {{ labelled: boolean, rings: boolean, pick(id: string): void, kept?: KeptSymbols }} DrawOptions `labelled`: what
 * was reported is listed beside each place; `kept`: symbols of the frame before, in playback */

/** A place on the map and its nodes, which the layout moves.
 * @typedef {{
 *   place: Place, claims: Claim[], at: [lat: number, lon: number], side: Side, area: boolean, close: boolean,
 *   bounds: L.LatLngBounds | null, node: HTMLElement, badge: HTMLElement, text: HTMLElement, list: HTMLElement | null,
 *   button: HTMLElement | null, pick(): void,
 * }} SiteView */

/** @type {WeakMap<Place, L.LatLngBounds>} */
const known = new WeakMap();

/** The bounds of a place's outline; null of one that has none, or is a road.
 * @param {Place} place */
function boundsOf(place) {
  if (isRoute(place) || !/Polygon/.test(place.geometry?.type ?? "")) return null;
  const bounds = known.get(place) ?? L.geoJSON(place).getBounds();
  known.set(place, bounds);
  return bounds;
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
export class PlaceSymbols {
  /** @param {L.LayerGroup} into @param {MapState} state @param {ClaimsAnswer} claims @param {DrawOptions} options */
  constructor(into, state, claims, options) {
    this.into = into;
    this.state = state;
    this.options = options;
    this.chosen = state.requested?.chosen; // a claim or a place
    const [picked] = this.chosen?.split(",") ?? []; // of several reports, which share a line, the first
    const claim = claims.features.find((one) => one.id === picked);
    /** @type {SiteView[]} */
    this.sites = [];
    state.sites = this.sites;
    this.open = claim ? claim.properties.place : this.chosen?.split(":")[0]; // the place whose panel is open
  }

  /** What is drawn of a place: as in the frame before, where it depends on the same.
   * @template T
   * @param {string} kind @param {Place} place @param {Claim[]} claims @param {() => T} make @returns {T} */
  kept(kind, place, claims, make) {
    const { kept, labelled } = this.options;
    if (!kept) return make();
    const days = kind === "site" ? daysKey(this.state, claims, labelled) : "";
    const drawn = [kind, place.id, this.chosen, labelled, this.state.requested?.names, days];
    return kept.take([...drawn, ...claims.map(({ id }) => id)].join(" "), make);
  }

  /** @param {Place} place @param {string} kind @param {Claim[]} claims */
  outline(place, kind, claims) {
    this.into.addLayer(this.kept(kind, place, claims, () => this.makeOutline(place, kind, claims)));
  }

  /** @param {Place} place @param {string} kind @param {Claim[]} claims */
  makeOutline(place, kind, claims) {
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
    return layer;
  }

  /** @param {Place} place @param {Claim[]} claims */
  site(place, claims) {
    const { view, marker } = this.kept("site", place, claims, () => this.makeSite(place, claims));
    this.sites.push(view);
    this.into.addLayer(marker);
  }

  /** @param {Place} place @param {Claim[]} claims @returns {{ view: SiteView, marker: L.Layer }} */
  makeSite(place, claims) {
    const { labelled: close, pick } = this.options;
    const { at, side } = anchor(place, close);
    const area = isArea(place);
    const open = claims.length > 0 && this.open === place.id;
    const badge = claims.length ? this.badge(place, claims) : element("i", "site-dot");
    const text = this.words(place, claims, open);
    const listed = claims.length > 0 && close && !isRoute(place) && !area;
    const list = listed ? listClaims(this.state, claims, { chosen: this.chosen, pick }) : null;
    const button = list && !this.state.options.stage ? listButton(place, claims, pick) : null;
    const classes = `site side-${side}${open ? " open" : ""}${close ? " close" : ""}${isRoute(place) ? " route" : ""}`;
    const node = element("div", classes, badge, text, list, button);
    node.dataset.place = place.id;
    const view = {
      place, claims, at, side, area, close, bounds: boundsOf(place), node, badge, text, list, button, pick: () => pick(place.id),
    };
    return { view, marker: textMarker(at, node, "sites") };
  }

  /** The name of a place, with what is said beside it.
   * @param {Place} place @param {Claim[]} claims @param {boolean} open */
  words(place, claims, open) {
    const { labelled: close } = this.options;
    const area = isArea(place);
    const mark = unpublished(claims);
    const name = nameNode(area ? "site-name area-name" : "site-name", place.properties);
    return element(
      "div", "site-text", name, area && element("span", "site-note", "area approximate"),
      mark && element("span", "draft-mark", mark), (open || (close && !area)) && coordinatesButton(place),
    );
  }

  /** @param {Place} place @param {Claim[]} claims */
  badge(place, claims) {
    const byStance = groupBy(claims, (claim) => claim.properties.stance);
    const parts = Object.keys(config.stance).flatMap((stance) => {
      const some = byStance.get(stance);
      return some ? [{ stance, count: some.length, tail: dayTail(this.state, some), opacity: strongest(some) }] : [];
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

/** What stands for a list that has no room: it opens the panel with all reports.
 * @param {Place} place @param {Claim[]} claims @param {(id: string) => void} pick */
function listButton({ id, properties: { name } }, claims, pick) {
  const words = `${claims.length} ${claims.length === 1 ? "report" : "reports"}: list`;
  return mapButton("fan-button", words, `${name}: ${words}`, () => pick(id));
}
