/* What stands round the map: zoom, scale bar, north arrow, attribution, legend. */
(() => {
  "use strict";
  const { element, svg, shape, stance } = window.signs;
  const OFFLINE = "Base: GSHHG, Natural Earth, GeoNames, © OpenStreetMap contributors. Reported facts, not verified by the makers of this map.";
  const GROUPS = { place: "How well the place is known", stance: "What a report points to", certainty: "How certain", layer: "Further layers" };

  function control(map, position, className) {
    const box = L.control({ position });
    box.onAdd = () => {
      const node = element("div", className);
      L.DomEvent.disableClickPropagation(node);
      L.DomEvent.disableScrollPropagation(node);
      return node;
    };
    box.addTo(map);
    return box.getContainer();
  }

  const parts = {};

  function add(map) {
    parts.attribution = control(map, "bottomright", "attribution");
    attribution(map, null);
    parts.legend = control(map, "bottomright", "legend");
    L.control.zoom({ position: "topleft", zoomInTitle: "Closer", zoomOutTitle: "Farther" }).addTo(map);
    const home = control(map, "topleft", "leaflet-bar home");
    const button = element("button", "", "⤢");
    button.type = "button";
    button.title = "Show the whole area again";
    button.setAttribute("aria-label", button.title);
    button.addEventListener("click", () => map.flyToBounds(window.board.config.bounds, { duration: 0.6, ...window.board.padding() }));
    home.append(button);
    L.control.scale({ position: "bottomleft", imperial: false, maxWidth: 140 }).addTo(map);
    map.getContainer().querySelector(".leaflet-control-scale").classList.add("scale-box");
    const arrow = control(map, "bottomleft", "north");
    const drawing = svg(26, "0 0 26 34");
    drawing.append(shape("path", { d: "M13 2 L19 20 L13 16 L7 20 Z", class: "north-arrow" }));
    arrow.append(drawing, element("span", "", "N"));
    parts.complaint = control(map, "topright", "complaint");
  }

  function attribution(map, tiles) {
    parts.attribution.textContent = tiles ? `${tiles}. Reported facts, not verified by the makers of this map.` : OFFLINE;
  }

  function complaint(map, text) {
    parts.complaint.textContent = text;
  }

  function swatch(entry, symbols) {
    if (entry.group === "stance") {
      const node = stance(symbols.stance[entry.key].mark, 20);
      node.classList.add(`stance-${entry.key}`);
      return node;
    }
    const node = element("i", `swatch swatch-${entry.group} swatch-${entry.key}`);
    if (entry.group === "certainty") node.style.opacity = symbols.certainty[entry.key].opacity;
    if (entry.group === "layer") node.style.background = entry.colour;
    return node;
  }

  let folded = window.innerWidth < 820 || window.innerHeight < 520;
  function legend(map, entries, symbols) {
    const open = element("button", "legend-head");
    open.type = "button";
    open.append(element("span", "", "Legend"), element("span", "legend-fold", folded ? "show" : "hide"));
    open.setAttribute("aria-expanded", String(!folded));
    open.addEventListener("click", () => { folded = !folded; legend(map, entries, symbols); });
    parts.legend.replaceChildren(open);
    parts.legend.hidden = !entries.length;
    parts.legend.classList.toggle("folded", folded);
    if (!folded) {
      for (const [group, title] of Object.entries(GROUPS)) {
        const some = entries.filter((entry) => entry.group === group);
        if (!some.length) continue;
        parts.legend.append(element("h4", "", title));
        if (group === "certainty") { parts.legend.append(scale(some, symbols)); continue; }
        for (const entry of some) {
          const row = element("div", `legend-row legend-${group}`);
          row.append(swatch(entry, symbols), element("span", "", entry.label));
          if (entry.count) row.append(element("span", "legend-count", entry.count.toLocaleString("en")));
          parts.legend.append(row);
          const shades = group === "layer" && entries.find((one) => one.group === "shades" && one.key === entry.key);
          if (shades) parts.legend.append(shadesOf(shades));
        }
      }
    }
    if (window.board.names) window.board.names.lay();
  }

  /* Certainty is one row of dots, from the strongest shown to the weakest. */
  function scale(some, symbols) {
    const row = element("div", "certainty-row");
    for (const entry of some) {
      const dot = swatch(entry, symbols);
      dot.title = `${entry.label}: ${entry.count}`;
      row.append(dot);
    }
    const words = some.length > 1 ? `${some[0].label} … ${some[some.length - 1].label.toLowerCase()}` : some[0].label;
    row.append(element("span", "", words));
    return row;
  }

  /* What the shades of a big layer mean, in numbers. */
  function shadesOf(entry) {
    const box = element("div", "legend-shades");
    box.append(element("span", "", `${entry.noun} on one spot`));
    const row = element("div", "shade-row");
    for (const { label, light, dark } of entry.scale) {
      const shade = element("i", "shade");
      shade.style.setProperty("--light", light);
      shade.style.setProperty("--dark", dark);
      const step = element("span", "shade-step");
      step.append(shade, element("span", "", label));
      row.append(step);
    }
    box.append(row);
    return box;
  }

  /* Room that the legend takes from the map, in pixels. */
  const room = () => ({
    width: folded ? 0 : parts.legend.offsetWidth,
    height: parts.legend.offsetHeight,
  });

  /* Where somebody moved the map stands in the page's address, so that a link restores it. */
  function camera(map) {
    if (!window.board.moved || window.board.config.lock || window.board.config.stage) return;
    const { lat, lng } = map.getCenter();
    const address = new URL(window.parent.location.href);
    address.searchParams.set("at", `${lat.toFixed(5)},${lng.toFixed(5)},${map.getZoom().toFixed(2)}`);
    window.parent.history.replaceState(window.parent.history.state, "", address);
  }

  window.furniture = { add, attribution, complaint, legend, camera, room, swatch, shadesOf, OFFLINE };
})();
