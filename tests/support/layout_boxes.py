"""Find overlapping and cut-off boxes on a stage, measured in the browser."""

from __future__ import annotations

from playwright.sync_api import Frame

TEXTS = {
    ".stage-head": ".stage-when, h1, .stage-lines p",
    ".stage-side": "h2, .stage-row, h3, section > p, .stage-question p, .stage-more",
    ".stage-sheet": ".stage-kicker, h3, .stage-block p, .stage-more",
    ".stage-foot": ".stage-sources p, .stage-steps",
}
PARTS = (".stage", *TEXTS, ".stage-map", "#map_div")
SIZED = {
    "headline": "h1",
    "lines": ".stage-lines p",
    "column": ".stage-row",
    "foot": ".stage-sources",
}
# Each text with its part, the parts, and what is seen of the map's symbols, each with its box
# [left, top, right, bottom]; sizes of type in pixels; the document's width and height.
MEASURED = """([texts, parts, sized]) => {
  const box = (node) => {
    const { left, top, right, bottom } = node.getBoundingClientRect();
    return [left, top, right, bottom];
  };
  const all = (css) => [...document.querySelectorAll(css)];
  const full = ([left, top, right, bottom]) => right > left && bottom > top;
  const said = Object.entries(texts).flatMap(([part, css]) => all(`${part} :is(${css})`)
    .map((node) => [node.textContent.slice(0, 60), part, ...box(node)]));
  const found = parts.map((css) => [css, document.querySelector(css)])
    .filter(([, node]) => node && node.offsetWidth).map(([css, node]) => [css, box(node)]);
  const map = box(document.querySelector("#map_div"));
  const seen = ([left, top, right, bottom]) =>
    right > map[0] && left < map[2] && bottom > map[1] && top < map[3];
  const drawn = all(".site-name, .fan, .badge, .scale-box, .north")
    .filter((node) => getComputedStyle(node).visibility !== "hidden")
    .map((node) => [node.textContent.slice(0, 40), node.classList[0], ...box(node)]);
  const size = (css) => {
    const node = document.querySelector(css);
    return node ? parseFloat(getComputedStyle(node).fontSize) : 0;
  };
  const { scrollWidth, scrollHeight } = document.documentElement;
  return {
    texts: said.filter((one) => full(one.slice(2))), parts: Object.fromEntries(found),
    drawn: drawn.filter((one) => full(one.slice(2)) && seen(one.slice(2))),
    sizes: Object.fromEntries(Object.entries(sized).map(([name, css]) => [name, size(css)])),
    document: [scrollWidth, innerWidth, scrollHeight, innerHeight],
  };
}"""
SLACK = 1.5  # pixels
Box = list[float]


def _inside(inner: Box, outer: Box) -> bool:
    return (
        inner[0] >= outer[0] - SLACK
        and inner[1] >= outer[1] - SLACK
        and inner[2] <= outer[2] + SLACK
        and inner[3] <= outer[3] + SLACK
    )


def _overlap(one: Box, other: Box) -> bool:
    return (
        min(one[2], other[2]) - max(one[0], other[0]) > SLACK
        and min(one[3], other[3]) - max(one[1], other[1]) > SLACK
    )


def find_layout_faults(found: dict) -> list[str]:
    """Return the cut-off and overlapping boxes."""
    texts = [(what, part, at) for what, part, *at in found["texts"]]
    parts = found["parts"]
    faults = [
        f"{what!r} is cut off by {part}" for what, part, at in texts if not _inside(at, parts[part])
    ]
    faults += [
        f"{what!r} lies over {other!r}"
        for i, (what, _, at) in enumerate(texts)
        for other, _, there in texts[i + 1 :]
        if _overlap(at, there)
    ]
    faults += [
        f"{name} is cut off by the canvas"
        for name, at in parts.items()
        if not _inside(at, parts[".stage"])
    ]
    if ".stage-map" in parts:
        faults += [
            f"{what!r} ({kind}) is cut off by the map"
            for what, kind, *at in found["drawn"]
            if not _inside(at, parts["#map_div"])
        ]
        if not _inside(parts["#map_div"], parts[".stage-map"]):
            faults.append("the map is not in its place")
    names = [(what, at) for what, kind, *at in found["drawn"] if kind in ("site-name", "fan")]
    faults += [
        f"{what!r} lies over {other!r} on the map"
        for i, (what, at) in enumerate(names)
        for other, there in names[i + 1 :]
        if _overlap(at, there)
    ]
    wide, width, tall, height = found["document"]
    if wide > width or tall > height:
        faults.append(f"the document is {wide} x {tall} in {width} x {height}")
    return faults


def measure_boxes(frame: Frame) -> dict:
    """Return each text, part and symbol of a stage with its box."""
    return frame.evaluate(MEASURED, [TEXTS, PARTS, SIZED])
