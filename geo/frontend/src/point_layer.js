/* A cloud of points on one canvas: light enough for tens of thousands, with hover and click. */
(() => {
  "use strict";
  const REACH = 9; // pixels round the pointer in which a point answers

  window.PointCloud = L.Layer.extend({
    options: { radius: 4, colour: "#4a7c59", pane: "cloud" },

    initialize(points, options) {
      L.setOptions(this, options);
      this._points = points; // [{id, lat, lon, label, when}]
    },

    onAdd(map) {
      this._canvas = L.DomUtil.create("canvas", "point-cloud leaflet-zoom-hide");
      this.getPane().append(this._canvas);
      map.on("moveend resize", this._draw, this);
      map.on("mousemove", this._hover, this);
      map.on("click", this._click, this);
      this._draw();
    },

    onRemove(map) {
      this._canvas.remove();
      map.off("moveend resize", this._draw, this);
      map.off("mousemove", this._hover, this);
      map.off("click", this._click, this);
      if (this._tip) this._tip.remove();
    },

    _draw() {
      const map = this._map;
      const size = map.getSize();
      const ratio = window.devicePixelRatio || 1;
      const corner = map.containerPointToLayerPoint([0, 0]);
      L.DomUtil.setPosition(this._canvas, corner);
      this._canvas.width = size.x * ratio;
      this._canvas.height = size.y * ratio;
      this._canvas.style.width = `${size.x}px`;
      this._canvas.style.height = `${size.y}px`;
      const pen = this._canvas.getContext("2d");
      pen.scale(ratio, ratio);
      pen.fillStyle = this.options.colour;
      pen.strokeStyle = "rgba(255,255,255,.8)";
      pen.globalAlpha = 0.75;
      this._place(size);
      const r = this._points.length > 5000 ? this.options.radius - 1.5 : this.options.radius;
      pen.beginPath();
      for (let i = 0; i < this._visible.length; i += 1) {
        const [x, y] = this._visible[i];
        pen.moveTo(x + r, y);
        pen.arc(x, y, r, 0, 6.2832);
      }
      pen.fill();
      if (this._visible.length < 3000) pen.stroke();
    },

    /* Web Mercator by hand (EPSG:3857): one object a point would cost more than drawing it. */
    _place(size) {
      const map = this._map;
      const scale = 256 * 2 ** map.getZoom();
      const origin = map.getPixelOrigin();
      const shift = map.layerPointToContainerPoint([0, 0]);
      const seen = [];
      for (const point of this._points) {
        const sine = Math.sin((point.lat * Math.PI) / 180);
        const x = (point.lon / 360 + 0.5) * scale - origin.x + shift.x;
        const y = (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * scale
          - origin.y + shift.y;
        if (x > -10 && y > -10 && x < size.x + 10 && y < size.y + 10) seen.push([x, y, point]);
      }
      this._visible = seen;
    },

    _nearest(at) {
      let best = null;
      let reach = REACH * REACH;
      for (const [x, y, point] of this._visible || []) {
        const far = (x - at.x) ** 2 + (y - at.y) ** 2;
        if (far < reach) { reach = far; best = point; }
      }
      return best;
    },

    _hover(event) {
      const point = this._nearest(event.containerPoint);
      this._map.getContainer().classList.toggle("over-point", Boolean(point));
      if (!point) { if (this._tip) this._tip.remove(); this._over = null; return; }
      if (this._over === point) return;
      this._over = point;
      const text = window.signs.element("div", "tip");
      text.append(window.signs.element("strong", "", point.label || point.id));
      if (point.when) text.append(window.signs.element("span", "tip-when", point.when));
      this._tip = (this._tip || L.tooltip({ className: "board-tip", offset: [0, -6], direction: "top" }))
        .setLatLng([point.lat, point.lon]).setContent(text).addTo(this._map);
    },

    _click(event) {
      const point = this._nearest(event.containerPoint);
      if (point) this.fire("pick", { id: point.id });
    },
  });
})();
