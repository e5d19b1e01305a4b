/* Roads and range rings, as lines with their words. */
import { paths } from "./panes.js";
import { element } from "./dom.js";
import { textMarker } from "./labels.js";
import { tip } from "./tooltips.js";

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

/** @param {L.LayerGroup} into @param {Collection<RingProperties>} data */
export function addRings(into, data) {
  for (const feature of data.features) {
    const { radius_km: km, label_lon: lon, label_lat: lat } = feature.properties;
    into.addLayer(paths(feature, "base", { className: "ring", fill: false }));
    into.addLayer(textMarker([lat, lon], element("span", "ring-name", `${km} km`)));
  }
}
