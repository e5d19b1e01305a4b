/* The camera of a stage: it flies from scene to scene. Where motion is unwelcome, it cuts.
   flight.to(board): to what board.wanted names - flight.again(board): there again, at once */
(() => {
  "use strict";
  const SECONDS = 1.5;
  const USUAL = 900; // pixels
  const NARROW = 210; // pixels that a list needs
  const EDGE = 22; // pixels round what a scene shows
  const REDRAWN = 0.7; // levels of zoom after which a flying map is drawn anew
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  let target = null;
  let drawnAt = null; // zoom at which the lines were last drawn

  /* Beside the place that a scene is about, room for the list of what was reported there. */
  function padding({ map }, { listed }) {
    const { x: width } = map.getSize();
    const beside = listed && width > 480 ? Math.min(370, 0.52 * width) : EDGE;
    return { paddingTopLeft: [listed ? 2 * EDGE : EDGE, EDGE], paddingBottomRight: [beside, EDGE] };
  }

  /* A camera was chosen on a map of some width; a narrower one looks from farther away. */
  function camera(board, wanted) {
    if (wanted.at) {
      const narrower = Math.min(0, Math.log2(board.map.getSize().x / USUAL));
      return { center: L.latLng(wanted.at[0], wanted.at[1]), zoom: wanted.at[2] + Math.round(4 * narrower) / 4 };
    }
    return board.map._getBoundsCenterZoom(L.latLngBounds(wanted.scene.bounds), padding(board, wanted.scene));
  }

  function there(map, { center, zoom }) {
    const off = map.project(center, zoom).distanceTo(map.project(map.getCenter(), zoom));
    return Math.abs(map.getZoom() - zoom) < 0.01 && off < 1;
  }

  /* Lines are scaled in flight; before that shows, and before an edge shows, they are drawn anew. */
  function follow(map) {
    const zoom = map.getZoom();
    const renderer = window.baseMap.renderers.land;
    const [top, bottom] = [[0, 0], map.getSize()].map((corner) => map.containerPointToLayerPoint(corner));
    const bare = renderer && zoom === drawnAt && !renderer._bounds.contains(L.bounds(top, bottom));
    if (!bare && Math.abs(zoom - drawnAt) < REDRAWN) return;
    drawnAt = zoom;
    map.fire("viewreset");
  }

  function aim(board, flying) {
    const { map } = board;
    map.stop();
    const to = camera(board, target);
    if (there(map, to)) return;
    if (!flying) { map.setView(to.center, to.zoom, { animate: false }); return; }
    const step = () => follow(map);
    drawnAt = map.getZoom();
    document.body.classList.add("flying");
    map.on("move", step);
    map.once("moveend", () => { map.off("move", step); document.body.classList.remove("flying"); });
    map.flyTo(to.center, to.zoom, { duration: SECONDS });
  }

  function to(board) {
    const first = !target;
    target = board.wanted;
    board.moved = false;
    aim(board, !first && !still.matches && !document.hidden);
  }

  function again(board) {
    if (target && !board.moved) aim(board, false);
  }

  /* A list that the map's edge would cut is made narrower or left out; a name turns to the other
     side of its symbol. */
  function keepInside(map) {
    const edge = map.getContainer().getBoundingClientRect();
    const cut = (node) => {
      const box = node.getBoundingClientRect();
      return box.width > 0 && (box.right > edge.right - 4 || box.bottom > edge.bottom - 4 || box.left < edge.left + 4);
    };
    for (const site of map.getContainer().querySelectorAll(".site")) {
      const list = site.querySelector(".fan");
      if (list && cut(list)) {
        const room = (edge.right - 10 - list.getBoundingClientRect().left) / window.board.scale;
        list.style.maxWidth = `${room}px`;
        if (room < NARROW || cut(list)) list.remove();
      }
      const side = site.classList.contains("side-left") ? "left" : "right";
      const name = site.querySelector(".site-text");
      if (name && cut(name)) site.classList.replace(`side-${side}`, `side-${side === "left" ? "right" : "left"}`);
    }
  }

  window.flight = { keepInside, to, again };
})();
