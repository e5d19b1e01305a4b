/* Signs: the small drawings that stand for an evidence kind or a stance. 16 x 16 units.
   Everything is built with createElementNS and textContent: no text is ever parsed as HTML. */
(() => {
  "use strict";
  const NS = "http://www.w3.org/2000/svg";
  const { evidence: EVIDENCE, stance: STANCE } = window.looks.signs; // geo/mapping/symbols.py

  function svg(size, box = "0 0 16 16") {
    const node = document.createElementNS(NS, "svg");
    node.setAttribute("viewBox", box);
    node.setAttribute("width", size);
    node.setAttribute("height", size);
    node.setAttribute("aria-hidden", "true");
    node.classList.add("sign");
    return node;
  }

  function shape(name, attributes) {
    const node = document.createElementNS(NS, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return node;
  }

  function drawn(d, size) {
    const node = svg(size);
    node.append(shape("path", { d, fill: "none", stroke: "currentColor" }));
    return node;
  }

  function element(tag, className, text) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined && text !== null) node.textContent = text;
    return node;
  }

  /* A ring whose arcs are the stances of the claims, with their number in it. */
  function ring(parts, total, size) {
    const node = svg(size, "0 0 48 48");
    node.append(shape("circle", { cx: 24, cy: 24, r: 17, class: "badge-fill" }));
    const length = 2 * Math.PI * 20.5;
    let start = 0;
    for (const part of parts) {
      const share = part.count / total;
      const gap = parts.length > 1 ? 1.5 : 0;
      const arc = shape("circle", {
        cx: 24, cy: 24, r: 20.5, fill: "none", class: `arc stance-${part.stance}`,
        "stroke-dasharray": `${Math.max(share * length - gap, 1)} ${length}`,
        "stroke-dashoffset": -start * length, "stroke-opacity": part.opacity,
        transform: "rotate(-90 24 24)",
      });
      node.append(arc);
      start += share;
    }
    const text = shape("text", { x: 24, y: 24, class: "badge-count" });
    text.textContent = total;
    node.append(text);
    return node;
  }

  window.signs = {
    svg, shape, element, ring,
    evidence: (name, size = 18) => drawn(EVIDENCE[name] || EVIDENCE.page, size),
    stance: (name, size = 18) => drawn(STANCE[name] || STANCE.dot, size),
  };
})();
