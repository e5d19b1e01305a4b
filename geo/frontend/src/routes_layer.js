/* Roads and range rings, as lines with their words. */
import { paths } from "./panes.js";
import { element } from "./dom.js";
import { tip } from "./tooltips.js";
/** @import { FurtherName, MapLabels } from "./labels.js" */
/** @import { Side } from "./label_layout.js" */

const RING_SPOTS = 16; // spots of a ring that are tried for its name
/** @type {Side[]} */
const RING_SIDES = ["bottom", "left", "right", "top"];

/** @param {L.LayerGroup} into @param {Collection<RouteProperties>} data */
export function addRoutes(into, data) {
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

/** The rings round a place; each is named once, at its own spot or where else on it there is room.
 * @param {L.LayerGroup} into @param {Collection<RingProperties>} data @param {MapLabels | null} labels */
export function addRings(into, data, labels) {
  for (const feature of data.features) into.addLayer(paths(feature, "base", { className: "ring", fill: false }));
  labels?.keepNames("rings", data.features.map(ringName));
}

/** @param {Collection<RingProperties>["features"][number]} ring @returns {FurtherName} */
function ringName({ geometry, properties: { radius_km: km, label_lat: lat, label_lon: lon } }) {
  const line = /** @type {number[][]} */ ("coordinates" in geometry ? geometry.coordinates.flat(geometry.type === "Polygon" ? 1 : 0) : []);
  const step = Math.max(1, Math.floor(line.length / RING_SPOTS));
  const also = line.filter((_, i) => i % step === 0).map(([x, y]) => ({ lat: y, lon: x, sides: RING_SIDES }));
  return { lat, lon, text: `${km} km`, className: "ring-name", sides: RING_SIDES, fromZoom: 0, also };
}
