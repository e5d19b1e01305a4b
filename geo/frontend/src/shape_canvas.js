/* Many lines and areas on one canvas, while days are played: as paths of their own they would cost a frame each.
   They are drawn as layers are otherwise, and take no clicks until it stops. */

/** @import { Geometry, Position } from "geojson" */

const MARGIN = 10; // pixels outside the map that are still drawn
const DOT = 4; // pixels: points of a shape that has several

/** @typedef {{ rings: Position[][], area: boolean, dots: boolean }} ShapeLines */
/** @typedef {{ drawn: [x: number, y: number][][], area: boolean, dots: boolean }} DrawnLines in pixels */

/** The lines of a geometry, in degrees. @param {Geometry} geometry @returns {ShapeLines[]} */
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

export class ShapeCanvas extends L.Layer {
  /** @param {LayerAnswer["features"]} shapes @param {string | undefined} colour */
  constructor(shapes, colour = "#4a7c59") {
    super();
    L.setOptions(this, { pane: "cloud" });
    this.shapes = shapes.map(({ geometry }) => (geometry ? linesOf(geometry) : []));
    this.colour = colour;
    /** @type {Uint8Array} */
    this.mask = new Uint8Array(shapes.length).fill(1);
    this.canvas = L.DomUtil.create("canvas", "point-cloud leaflet-zoom-hide");
  }

  /** @override @param {L.Map} map */
  onAdd(map) {
    this.map = map;
    this.getPane()?.append(this.canvas);
    map.on("moveend resize", this.project, this);
    this.project();
    return this;
  }

  /** @override @param {L.Map} map */
  onRemove(map) {
    this.canvas.remove();
    map.off("moveend resize", this.project, this);
    return this;
  }

  /** @param {Uint8Array} mask one bit a shape */
  show(mask) {
    this.mask = mask;
    this.draw();
  }

  /** Put the canvas over the map, and project the shapes for its camera. */
  project() {
    const map = /** @type {L.Map} */ (this.map);
    const size = map.getSize();
    this.lines = this.toPixels(map, size);
    const ratio = window.devicePixelRatio || 1;
    L.DomUtil.setPosition(this.canvas, map.containerPointToLayerPoint([0, 0]));
    Object.assign(this.canvas, { width: size.x * ratio, height: size.y * ratio });
    Object.assign(this.canvas.style, { width: `${size.x}px`, height: `${size.y}px` });
    this.draw();
  }

  /** Web Mercator by hand (EPSG:3857); what is out of sight is left out.
   * @param {L.Map} map @param {L.Point} size @returns {DrawnLines[][]} for each shape */
  toPixels(map, size) {
    const scale = 256 * 2 ** map.getZoom();
    const shift = map.layerPointToContainerPoint([0, 0]).subtract(map.getPixelOrigin());
    /** @param {Position} at @returns {[x: number, y: number]} */
    const pixels = ([lon, lat]) => {
      const sine = Math.sin((lat * Math.PI) / 180);
      return [(lon / 360 + 0.5) * scale + shift.x, (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * scale + shift.y];
    };
    const inSight = (/** @type {[number, number][]} */ line) => (
      Math.max(...line.map(([x]) => x)) > -MARGIN && Math.min(...line.map(([x]) => x)) < size.x + MARGIN
      && Math.max(...line.map(([, y]) => y)) > -MARGIN && Math.min(...line.map(([, y]) => y)) < size.y + MARGIN);
    return this.shapes.map((parts) => parts.flatMap(({ rings, area, dots }) => {
      const drawn = rings.map((ring) => ring.map(pixels));
      return drawn.some((line) => line.length && inSight(line)) ? [{ drawn, area, dots }] : [];
    }));
  }

  draw() {
    const { canvas, mask, colour, lines = [] } = this;
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const ratio = window.devicePixelRatio || 1;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    Object.assign(pen, { strokeStyle: colour, fillStyle: colour, lineWidth: 2, lineJoin: "round", lineCap: "round" });
    const [edges, areas] = [new Path2D(), new Path2D()];
    for (let at = 0; at < lines.length; at += 1) if (mask[at]) for (const part of lines[at]) trace(part, edges, areas);
    pen.globalAlpha = 0.15;
    pen.fill(areas, "evenodd");
    pen.globalAlpha = 1;
    pen.stroke(edges);
  }
}

/** @param {DrawnLines} part @param {Path2D} edges @param {Path2D} areas */
function trace({ drawn, area, dots }, edges, areas) {
  for (const line of drawn) {
    if (dots) for (const [x, y] of line) { edges.moveTo(x + DOT, y); edges.arc(x, y, DOT, 0, 6.2832); }
    else follow(line, edges, area);
    if (area) follow(line, areas, true);
  }
}

/** @param {[x: number, y: number][]} line @param {Path2D} path @param {boolean} closed */
function follow(line, path, closed) {
  line.forEach(([x, y], number) => { if (number) path.lineTo(x, y); else path.moveTo(x, y); });
  if (closed) path.closePath();
}
