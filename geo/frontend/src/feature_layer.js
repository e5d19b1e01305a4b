/* How the features of a further layer are drawn: points on one canvas, lines and areas as paths. */
import { paths } from "./panes.js";
import { PointLayer } from "./point_layer.js";
import { ProjectedShapes, ShapeCanvas } from "./shape_canvas.js";
import { featureTip } from "./tooltips.js";
/** @import { LayerPoint } from "./point_layer.js" */

/** @typedef {{ points: LayerPoint[], shapes: LayerAnswer["features"], pointAt: number[], shapeAt: number[] }} SplitFeatures
 * points and shapes, with the number of each among the features */
/** @type {WeakMap<LayerAnswer, SplitFeatures>} */
const sorted = new WeakMap();

/** The points and the other shapes of an answer; computed once, ahead of time where it is prefetched.
 * @param {LayerAnswer} data @returns {SplitFeatures} */
export function splitFeatures(data) {
  const known = sorted.get(data);
  if (known) return known;
  /** @type {LayerPoint[]} */
  const points = [];
  /** @type {LayerAnswer["features"]} */
  const shapes = [];
  /** @type {[number[], number[]]} */
  const [pointAt, shapeAt] = [[], []];
  data.features.forEach((feature, at) => {
    if (feature.geometry?.type === "Point") {
      const [lon, lat] = feature.geometry.coordinates;
      points.push({ id: feature.id, lat, lon, ...feature.properties });
      pointAt.push(at);
    } else if (feature.geometry) {
      shapes.push(feature);
      shapeAt.push(at);
    }
  });
  const parts = { points, shapes, pointAt, shapeAt };
  sorted.set(data, parts);
  return parts;
}

/** The drawn paths of a feature, which may have several. @param {L.Layer} layer @returns {L.Path[]} */
const pathsOf = (layer) => (layer instanceof L.LayerGroup ? layer.getLayers().flatMap(pathsOf) : [/** @type {L.Path} */ (layer)]);

const ONE_BY_ONE = 300; // lines and areas that are paths of their own in playback
const SLICE = 6; // milliseconds of work between two tasks of others

/** @type {WeakMap<LayerAnswer, ProjectedShapes>} */
const projected = new WeakMap();

/** Whether a layer has so many lines and areas that playback draws them on a canvas. @param {LayerAnswer} data */
export const onCanvas = (data) => splitFeatures(data).shapes.length > ONE_BY_ONE;

/** Prepare many lines and areas for playback, a little at a time. @param {LayerAnswer} data */
export async function prepareShapes(data) {
  if (!onCanvas(data)) return;
  const shapes = projected.get(data) ?? new ProjectedShapes(splitFeatures(data).shapes);
  projected.set(data, shapes);
  while (!shapes.work(SLICE)) await new Promise((done) => { setTimeout(done); });
}

/** Add the features of an answer to a group.
 * @param {L.LayerGroup} into @param {LayerAnswer} data @param {string | undefined} colour
 * @param {(id: string) => void} pick @param {"" | "apart" | "played"} [use] "played": some of them are shown after others;
 * "apart": so many shapes that they are drawn otherwise then are in a pane of their own, to be hidden @returns {(mask: Uint8Array) => void} shows some of the features, one bit each */
export function addFeatures(into, data, colour, pick, use = "") {
  const { points, shapes, pointAt, shapeAt } = splitFeatures(data);
  /** @type {L.Path[][]} */
  const drawn = [];
  const many = onCanvas(data);
  const canvas = use === "played" && many ? new ShapeCanvas(projected.get(data) ?? new ProjectedShapes(shapes), colour) : null;
  if (canvas) into.addLayer(canvas);
  else if (shapes.length) {
    const features = /** @type {import("geojson").FeatureCollection} */ ({ type: "FeatureCollection", features: shapes });
    const style = { className: "layer-shape", color: colour, fillColor: colour, weight: 2, fillOpacity: 0.15 };
    into.addLayer(paths(features, many && use === "apart" ? "shapes" : "areas", style, {
      interactive: true,
      onEachFeature: ({ id, properties }, path) => {
        drawn.push(pathsOf(path));
        path.on("click", () => pick(String(id)));
        path.bindTooltip(() => featureTip(String(id), properties), { className: "map-tip", sticky: true });
      },
    }));
  }
  const dots = points.length ? new PointLayer(points, { colour, pick }) : null;
  if (dots) into.addLayer(dots);
  const seen = new Uint8Array(shapes.length).fill(1);
  return (mask) => {
    dots?.show(Uint8Array.from(pointAt, (at) => mask[at]));
    if (canvas) { canvas.show(Uint8Array.from(shapeAt, (at) => mask[at])); return; }
    shapeAt.forEach((at, number) => {
      if (seen[number] === mask[at]) return;
      seen[number] = mask[at];
      for (const path of drawn[number]) /** @type {HTMLElement} */ (path.getElement()).style.display = mask[at] ? "" : "none";
    });
  };
}
