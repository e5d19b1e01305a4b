/* Signs: the small drawings that stand for an evidence kind or a stance. 16 x 16 units.
   Everything is built with createElementNS and textContent: no text is ever parsed as HTML. */
(() => {
  "use strict";
  const NS = "http://www.w3.org/2000/svg";
  const EVIDENCE = {
    satellite: ["M6.2 6.2l3.6 3.6M7 5 5 7l-3-3 2-2zM11 9l-2 2 3 3 2-2zM3 13c0-1 .6-2 2-2M1.5 14c0-2.5 1-4 3.5-4.5"],
    track: ["M2 13l4-5 3 2 5-7M11 3h3v3"],
    video: ["M2 4.500h8v7H2zM10 7l4-2v6l-4-2"],
    photo: ["M2 5h3l1-1.500h4L11 5h3v8H2zM8 11.200a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4"],
    drone: ["M6 7h4v2H6zM6 7L3.5 5M10 7l2.5-2M6 9l-2.5 2M10 9l2.5 2M2 5h3M11 5h3M2 11h3M11 11h3"],
    speech: ["M2 3h12v8H7l-3 3v-3H2z"],
    post: ["M5 2L4 14M11 2l-1 12M2 6h12M2 10h12"],
    question: ["M5 6c0-4 6-4 6-.500C11 8 8 8 8 10M8 12.500v.7"],
    book: ["M8 4C6 2.5 4 2.5 2 3v10c2-.5 4-.5 6 1 2-1.5 4-1.5 6-1V3c-2-.5-4-.5-6 1zM8 4v10"],
    page: ["M4 2h6l3 3v9H4zM6 7h5M6 9.500h5M6 12h3"],
  };
  const STANCE = {
    arrow: ["M4 12l8-8M6.5 4H12v5.5"],
    bar: ["M3 12h10M8 3v9M5 6h6"],
    half: ["M8 3a5 5 0 1 0 0 10 5 5 0 0 0 0-10zM8 3v10"],
    dot: ["M8 6.500a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3z"],
  };

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

  function drawn(paths, size) {
    const node = svg(size);
    for (const d of paths) node.append(shape("path", { d, fill: "none", stroke: "currentColor" }));
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
