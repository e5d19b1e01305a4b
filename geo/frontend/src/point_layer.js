/* Points on one canvas: light enough for tens of thousands, with hover and click. */
import { clearCanvas } from "./dom.js";
import { featureTip } from "./tooltips.js";

const REACH = 9; // pixels round the pointer in which a point answers
const SMALLER_FROM = 5000; // points
const OUTLINED_BELOW = 3000; // points
const RING = 13; // pixels
export const FEW = 300; // points that are drawn above the names of places, and named themselves

/** @typedef {{id: string, lat: number, lon: number, label?: string, when?: string}} LayerPoint */

/** @param {CanvasRenderingContext2D} pen @param {[x: number, y: number, point: LayerPoint]} spot @param {number} r */
function circle(pen, [x, y], r) {
  pen.moveTo(x + r, y);
  pen.arc(x, y, r, 0, 6.2832);
}

/** A point on a place's symbol is a ring around the number, which stays readable.
 * @param {CanvasRenderingContext2D} pen @param {[x: number, y: number, point: LayerPoint]} spot @param {string} colour */
function drawRing(pen, spot, colour) {
  pen.globalAlpha = 1;
  for (const [style, width] of /** @type {const} */ ([["#fff", 4], [colour, 2]])) {
    pen.strokeStyle = style;
    pen.lineWidth = width;
    pen.beginPath();
    circle(pen, spot, RING);
    pen.stroke();
  }
}

/** @type {WeakMap<L.Map, Array<{ x: number, y: number, radius: number }>>} the symbols of places in pixels of their map, where
 * they were laid out last; the map fires "symbols" then */
export const symbolCircles = new WeakMap();

export class PointLayer extends L.Layer {
  /** @param {LayerPoint[]} points @param {{colour?: string, radius?: number, pick: (id: string) => void}} given */
  constructor(points, { colour = "#4a7c59", radius = 4, pick }) {
    super();
    L.setOptions(this, { pane: points.length <= FEW ? "points" : "cloud" }); // few are above symbols and names
    this.points = points;
    this.colour = colour;
    this.radius = points.length > SMALLER_FROM ? radius - 1.5 : radius;
    this.pick = pick;
    this.canvas = L.DomUtil.create("canvas", "point-cloud leaflet-zoom-hide");
    /** @type {Array<[x: number, y: number, point: LayerPoint]>} */
    this.visible = [];
    /** @type {Uint8Array | null} whether each point is shown; null for all */
    this.mask = null;
    /** @type {LayerPoint | null} */
    this.over = null;
    this.tip = L.tooltip({ className: "map-tip", offset: [0, -6], direction: "top" });
  }

  /** @override @param {L.Map} map */
  onAdd(map) {
    this.map = map;
    this.getPane()?.append(this.canvas);
    map.on(this.moments(), this.draw, this);
    map.on("mousemove", this.hover, this);
    map.on("click", this.click, this);
    this.draw();
    return this;
  }

  /** @override @param {L.Map} map */
  onRemove(map) {
    this.canvas.remove();
    map.off(this.moments(), this.draw, this);
    map.off("mousemove", this.hover, this);
    map.off("click", this.click, this);
    this.tip.remove();
    return this;
  }

  /** When it is drawn anew: few points mind the symbols of places. */
  moments() {
    return this.points.length <= FEW ? "moveend resize symbols" : "moveend resize";
  }

  /** Show some of the points. @param {Uint8Array} mask one bit a point */
  show(mask) {
    this.mask = mask;
    if (this.points.length > FEW) this.draw(); // few are drawn when the symbols are
  }

  draw() {
    const map = /** @type {L.Map} */ (this.map);
    const { canvas } = this;
    const size = map.getSize();
    const ratio = window.devicePixelRatio || 1;
    L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
    const pen = clearCanvas(canvas, size, ratio);
    pen.fillStyle = this.colour;
    pen.strokeStyle = "rgba(255,255,255,.8)";
    pen.globalAlpha = 0.75;
    this.visible = this.project(map, size);
    const r = this.radius;
    const symbols = (this.points.length <= FEW && symbolCircles.get(map)) || [];
    /** @param {[x: number, y: number, point: LayerPoint]} spot */
    const onSymbol = ([x, y]) => symbols.some((one) => Math.hypot(x - one.x, y - one.y) < one.radius);
    pen.beginPath();
    for (const spot of this.visible) if (!onSymbol(spot)) circle(pen, spot, r);
    pen.fill();
    if (this.visible.length < OUTLINED_BELOW) pen.stroke();
    for (const spot of this.visible.filter(onSymbol)) drawRing(pen, spot, this.colour);
  }

  /** Points in sight with their pixels. Web Mercator by hand (EPSG:3857): one object a point would
   * cost more than drawing it.
   * @param {L.Map} map @param {L.Point} size */
  project(map, size) {
    const scale = 256 * 2 ** map.getZoom();
    const origin = map.getPixelOrigin();
    const shift = map.layerPointToContainerPoint([0, 0]);
    /** @type {Array<[x: number, y: number, point: LayerPoint]>} */
    const seen = [];
    const { points, mask } = this;
    for (let at = 0; at < points.length; at += 1) {
      if (mask && !mask[at]) continue;
      const point = points[at];
      const sine = Math.sin((point.lat * Math.PI) / 180);
      const x = (point.lon / 360 + 0.5) * scale - origin.x + shift.x;
      const y = (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * scale - origin.y + shift.y;
      if (x > -10 && y > -10 && x < size.x + 10 && y < size.y + 10) seen.push([x, y, point]);
    }
    return seen;
  }

  /** @param {L.Point} at */
  nearest(at) {
    let best = null;
    let reach = REACH * REACH;
    for (const [x, y, point] of this.visible) {
      const far = (x - at.x) ** 2 + (y - at.y) ** 2;
      if (far < reach) { reach = far; best = point; }
    }
    return best;
  }

  /** @param {L.LeafletMouseEvent} event */
  hover(event) {
    const map = /** @type {L.Map} */ (this.map);
    const point = this.nearest(event.containerPoint);
    map.getContainer().classList.toggle("over-point", Boolean(point));
    if (this.over === point) return;
    this.over = point;
    if (point) this.tip.setLatLng([point.lat, point.lon]).setContent(featureTip(point.id, point)).addTo(map);
    else this.tip.remove();
  }

  /** @param {L.LeafletMouseEvent} event */
  click(event) {
    const point = this.nearest(event.containerPoint);
    if (point) this.pick(point.id);
  }
}
