/* How the features of a further layer are drawn: points on one canvas, lines and areas as paths. */
import { paths } from "./panes.js";
import { PointLayer } from "./point_layer.js";
import { featureTip } from "./tooltips.js";
/** @import { LayerPoint } from "./point_layer.js" */

/** @type {WeakMap<LayerAnswer, { points: LayerPoint[], shapes: LayerAnswer["features"] }>} */
const sorted = new WeakMap();

/** The points and the other shapes of an answer; computed once, ahead of time where it is prefetched.
 * @param {LayerAnswer} data */
export function splitFeatures(data) {
  const known = sorted.get(data);
  if (known) return known;
  /** @type {LayerPoint[]} */
  const points = [];
  /** @type {LayerAnswer["features"]} */
  const shapes = [];
  for (const feature of data.features) {
    if (feature.geometry?.type === "Point") {
      const [lon, lat] = feature.geometry.coordinates;
      points.push({ id: feature.id, lat, lon, ...feature.properties });
    } else if (feature.geometry) shapes.push(feature);
  }
  const parts = { points, shapes };
  sorted.set(data, parts);
  return parts;
}

/** Add the features of an answer to a group.
 * @param {L.LayerGroup} into @param {LayerAnswer} data @param {string | undefined} colour
 * @param {(id: string) => void} pick */
export function addFeatures(into, data, colour, pick) {
  const { points, shapes } = splitFeatures(data);
  if (shapes.length) {
    const features = /** @type {import("geojson").FeatureCollection} */ ({ type: "FeatureCollection", features: shapes });
    const style = { className: "layer-shape", color: colour, fillColor: colour, weight: 2, fillOpacity: 0.15 };
    into.addLayer(paths(features, "areas", style, {
      interactive: true,
      onEachFeature: ({ id, properties }, path) => {
        path.on("click", () => pick(String(id)));
        path.bindTooltip(() => featureTip(String(id), properties), { className: "map-tip", sticky: true });
      },
    }));
  }
  if (points.length) into.addLayer(new PointLayer(points, { colour, pick }));
}
