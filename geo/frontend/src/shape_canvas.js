/* Many lines and areas on one canvas, while days are played: as paths of their own they would cost a frame each.
   They are drawn as layers are otherwise, and take no clicks until it stops. */
import { clearCanvas } from "./dom.js";

/** @import { Geometry, Position } from "geojson" */

const MARGIN = 10; // pixels outside the map that are still drawn
const DOT = 4; // pixels: points of a shape that has several
const AT_ONCE = 50; // shapes between two looks at the clock

/** @typedef {[left: number, top: number, right: number, bottom: number]} Bounds */
/** Part of a shape: lines in Web Mercator from 0 to 1 (EPSG:3857), x and y in turn, and the box round them.
 * @typedef {{ lines: Float64Array[], area: boolean, dots: boolean, box: Bounds }} ShapePart
 * @typedef {{ scale: number, x: number, y: number }} Camera pixels of the world, and of its corner in the map */

/** The lines of a geometry, in degrees. @param {Geometry} geometry
 * @returns {Array<{ rings: Position[][], area: boolean, dots: boolean }>} */
function linesOf(geometry) {
  switch (geometry.type) {
    case "GeometryCollection": return geometry.geometries.flatMap(linesOf);
    case "LineString": return [{ rings: [geometry.coordinates], area: false, dots: false }];
    case "MultiLineString": return [{ rings: geometry.coordinates, area: false, dots: false }];
    case "Polygon": return [{ rings: geometry.coordinates, area: true, dots: false }];
    case "MultiPolygon": return geometry.coordinates.map((rings) => ({ rings, area: true, dots: false }));
    case "MultiPoint": return [{ rings: [geometry.coordinates], area: false, dots: true }];
    default: return [{ rings: [[geometry.coordinates]], area: false, dots: true }];
  }
}

/** @param {Geometry} geometry @returns {ShapePart[]} */
export function projectShape(geometry) {
  return linesOf(geometry).map(({ rings, area, dots }) => {
    /** @type {Bounds} */
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    const lines = rings.map((ring) => {
      const line = new Float64Array(2 * ring.length);
      for (let at = 0; at < ring.length; at += 1) {
        const sine = Math.sin((ring[at][1] * Math.PI) / 180);
        const x = ring[at][0] / 360 + 0.5;
        const y = 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
        line[2 * at] = x;
        line[2 * at + 1] = y;
        if (x < box[0]) box[0] = x;
        if (y < box[1]) box[1] = y;
        if (x > box[2]) box[2] = x;
        if (y > box[3]) box[3] = y;
      }
      return line;
    });
    return { lines, area, dots, box };
  });
}

/** The shapes of a layer as they are drawn: projected once for all cameras, ahead of time where there is time. */
export class ProjectedShapes {
  /** @param {LayerAnswer["features"]} shapes */
  constructor(shapes) {
    this.shapes = shapes;
    /** @type {ShapePart[][]} */
    this.parts = [];
  }

  /** Project more of them. @param {number} most milliseconds @returns {boolean} whether all are */
  work(most) {
    const { shapes, parts } = this;
    const until = performance.now() + most;
    while (parts.length < shapes.length && performance.now() < until) {
      const some = shapes.slice(parts.length, parts.length + AT_ONCE);
      parts.push(...some.map(({ geometry }) => (geometry ? projectShape(geometry) : [])));
    }
    return parts.length === shapes.length;
  }
}

export class ShapeCanvas extends L.Layer {
  /** @param {ProjectedShapes} shapes @param {string | undefined} colour */
  constructor(shapes, colour = "#4a7c59") {
    super();
    L.setOptions(this, { pane: "cloud" });
    shapes.work(Infinity);
    this.parts = shapes.parts;
    this.colour = colour;
    /** @type {Uint8Array} none before the first frame */
    this.mask = new Uint8Array(this.parts.length);
    this.canvas = L.DomUtil.create("canvas", "point-cloud leaflet-zoom-hide");
  }

  /** @override @param {L.Map} map */
  onAdd(map) {
    this.map = map;
    this.getPane()?.append(this.canvas);
    map.on("moveend resize", this.draw, this);
    return this;
  }

  /** @override @param {L.Map} map */
  onRemove(map) {
    this.canvas.remove();
    map.off("moveend resize", this.draw, this);
    return this;
  }

  /** @param {Uint8Array} mask one bit a shape */
  show(mask) {
    this.mask = mask;
    this.draw();
  }

  /** Put the canvas over the map, and draw what is shown and in sight. */
  draw() {
    const { canvas, mask, colour, parts } = this;
    const map = /** @type {L.Map} */ (this.map);
    const size = map.getSize();
    L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
    const pen = clearCanvas(canvas, size, window.devicePixelRatio || 1);
    Object.assign(pen, { strokeStyle: colour, fillStyle: colour, lineWidth: 2, lineJoin: "round", lineCap: "round" });
    const { x, y } = map.layerPointToContainerPoint([0, 0]).subtract(map.getPixelOrigin());
    const camera = { scale: 256 * 2 ** map.getZoom(), x, y };
    const [edges, areas] = [new Path2D(), new Path2D()];
    for (let at = 0; at < parts.length; at += 1) {
      if (mask[at]) for (const part of parts[at]) if (inSight(part, camera, size)) trace(part, camera, edges, areas);
    }
    pen.globalAlpha = 0.15;
    pen.fill(areas, "evenodd");
    pen.globalAlpha = 1;
    pen.stroke(edges);
  }
}

/** @param {ShapePart} part @param {Camera} camera @param {L.Point} size */
const inSight = ({ box: [left, top, right, bottom] }, { scale, x, y }, size) => (
  right * scale + x > -MARGIN && left * scale + x < size.x + MARGIN
  && bottom * scale + y > -MARGIN && top * scale + y < size.y + MARGIN);

/** @param {ShapePart} part @param {Camera} camera @param {Path2D} edges @param {Path2D} areas */
function trace({ lines, area, dots }, camera, edges, areas) {
  for (const line of lines) {
    if (dots) dot(line, camera, edges); else follow(line, camera, edges, area);
    if (area) follow(line, camera, areas, true);
  }
}

/** @param {Float64Array} line @param {Camera} camera @param {Path2D} path */
function dot(line, { scale, x, y }, path) {
  for (let at = 0; at < line.length; at += 2) {
    const [across, down] = [line[at] * scale + x, line[at + 1] * scale + y];
    path.moveTo(across + DOT, down);
    path.arc(across, down, DOT, 0, 6.2832);
  }
}

/** @param {Float64Array} line @param {Camera} camera @param {Path2D} path @param {boolean} closed */
function follow(line, { scale, x, y }, path, closed) {
  for (let at = 0; at < line.length; at += 2) {
    if (at) path.lineTo(line[at] * scale + x, line[at + 1] * scale + y);
    else path.moveTo(line[at] * scale + x, line[at + 1] * scale + y);
  }
  if (closed) path.closePath();
}
