"""Measure what lies on what on a map: texts, symbols, lines, lists, controls, the histogram."""

from __future__ import annotations

from itertools import combinations

from playwright.sync_api import Frame

SLACK = 1.5  # pixels
# What is measured by its own box, and what by the box of its text.
NODES = {
    "badge": ".badge",
    "mark": ".conflict-mark",
    "dot": ".site-dot, .town-dot",
    "list": ".fan",
    "list button": ".fan-button",
    "button": ".place-coordinates",
    "control": ".legend, .leaflet-bar, .scale-box, .north, .attribution, .complaint, .locator,"
    " .measure-box, .more-places",
    "coverage": ".coverage .cell.seen i, .coverage .cell.reported i",
    "bar": ".bar.shown",
}
TEXTS = {
    "name": ".site-name",
    "note": ".site-note, .draft-mark",
    "town": ".town-name",
    "region": ".region, .further-name",
    "histogram": ".number, .day-name, .span b, .coverage-name, .timeline-rule,"
    " .timeline-name, .timeline-head .hint-words, .timeline-all, .playback > *",
}
# Kinds that may lie on each other: a bar is under its own number, a list has no dot below it.
ALLOWED = ({"bar"}, {"bar", "coverage"}, {"coverage"})
# [kind, text, owner, left, top, right, bottom] of each visible box; [text, owner, x1, y1, x2, y2]
# of each leader line; pixels from the map's corner; the frame's and the map's size.
MEASURED = """([nodes, texts]) => {
  const map = document.querySelector("#map_div") ?? document.querySelector(".leaflet-container");
  const frame = map.getBoundingClientRect();
  const sites = [...document.querySelectorAll(".site, .town")];
  const owners = new Map(sites.map((node, i) => [node, i]));
  const owner = (node) => owners.get(node.closest(".site, .town")) ?? -1;
  const shown = (node, box) => getComputedStyle(node).clipPath === "none"
    && box.right > box.left && box.bottom > box.top
    && node.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const clip = (node, box) => {
    const inMap = map.contains(node);
    const edge = inMap ? frame : { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
    const [left, top] = [Math.max(box.left, edge.left), Math.max(box.top, edge.top)];
    const [right, bottom] = [Math.min(box.right, edge.right), Math.min(box.bottom, edge.bottom)];
    return { left, top, right, bottom };
  };
  const cut = [];
  const whole = (node, label, raw, box) => {
    const lost = Math.max(box.left - raw.left, box.top - raw.top, raw.right - box.right,
      raw.bottom - box.bottom);
    if (lost > 1.5) cut.push([label.slice(0, 60), lost]);
  };
  const place = (box) => [box.left, box.top, box.right, box.bottom];
  const boxes = [];
  for (const [kind, css] of Object.entries(nodes)) {
    for (const node of document.querySelectorAll(css)) {
      const raw = node.getBoundingClientRect();
      const box = clip(node, raw);
      if (shown(node, box)) {
        const label = node.getAttribute("aria-label") || node.textContent || node.className;
        whole(node, label, raw, box);
        boxes.push([kind, label.slice(0, 60), owner(node), ...place(box)]);
      }
    }
  }
  for (const [kind, css] of Object.entries(texts)) {
    for (const node of document.querySelectorAll(css)) {
      const range = document.createRange();
      range.selectNodeContents(node);
      const raw = range.getBoundingClientRect();
      const box = clip(node, raw);
      if (node.textContent && shown(node, box)) {
        whole(node, node.textContent, raw, box);
        boxes.push([kind, node.textContent.slice(0, 60), owner(node), ...place(box)]);
      }
    }
  }
  const visible = { opacityProperty: true, visibilityProperty: true };
  const drawn = [...document.querySelectorAll(".leader line")];
  const lines = drawn.filter((line) => line.checkVisibility(visible)).map((line) => {
    const matrix = line.getScreenCTM();
    const of = ["x1", "y1", "x2", "y2"].map((name) => line[name].baseVal.value);
    const [from, to] = [new DOMPoint(of[0], of[1]), new DOMPoint(of[2], of[3])]
      .map((point) => point.matrixTransform(matrix));
    return ["leader", owner(line), from.x, from.y, to.x, to.y];
  });
  const areas = [...document.querySelectorAll("path.place-area")]
    .map((node) => place(clip(node, node.getBoundingClientRect())));
  return { boxes, lines, areas, cut, size: [frame.width, frame.height] };
}"""


def measure_map(frame: Frame) -> dict:
    """Return the boxes and leader lines of a map's frame; see MEASURED."""
    return frame.evaluate(MEASURED, [NODES, TEXTS])


def find_overlaps(found: dict) -> list[str]:
    """Return in words what lies on what, and what the frame cuts, in the order of the boxes."""
    boxes = [(kind, what, owner, at) for kind, what, owner, *at in found["boxes"]]
    faults = [
        f"{one[0]} {one[1]!r} and {other[0]} {other[1]!r} overlap by {_depth(one[3], other[3])}"
        for one, other in combinations(boxes, 2)
        if _overlap(one[3], other[3]) and not _belongs(one, other)
    ]
    faults += [f"{what!r} is cut off by {lost:.0f} px" for what, lost in found["cut"]]
    for _, owner, *line in found["lines"]:
        faults += [
            f"a leader line crosses {kind} {what!r}"
            for kind, what, other, at in boxes
            if not (other == owner and kind in ("badge", "list", "mark", "dot"))
            and kind in ("badge", "mark", "name", "list", "list button", "button", "town", "note")
            and _crosses(line, at)
        ]
    faults += [
        f"{kind} {what!r} lies on a hatched area"
        for kind, what, _, at in boxes
        if kind == "list" and any(_overlap(at, area) for area in found["areas"])
    ]
    return faults


def _belongs(one: tuple, other: tuple) -> bool:
    kinds = {one[0], other[0]}
    if kinds in ALLOWED or kinds == {"bar", "histogram"}:
        return True
    return kinds == {"badge", "mark"} and one[2] == other[2]


def _depth(one: list, other: list) -> str:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    tall = min(one[3], other[3]) - max(one[1], other[1])
    return f"{wide:.0f}x{tall:.0f} px"


def _overlap(one: list, other: list) -> bool:
    return (
        min(one[2], other[2]) - max(one[0], other[0]) > SLACK
        and min(one[3], other[3]) - max(one[1], other[1]) > SLACK
    )


def _crosses(line: list, box: list) -> bool:
    """Whether a segment passes through a box that is made smaller by the slack (Liang-Barsky)."""
    x, y = line[0], line[1]
    dx, dy = line[2] - x, line[3] - y
    left, top, right, bottom = box[0] + SLACK, box[1] + SLACK, box[2] - SLACK, box[3] - SLACK
    low, high = 0.0, 1.0
    for step, room in ((-dx, x - left), (dx, right - x), (-dy, y - top), (dy, bottom - y)):
        if step == 0:
            if room < 0:
                return False
            continue
        at = room / step
        low, high = (max(low, at), high) if step < 0 else (low, min(high, at))
    return low < high
