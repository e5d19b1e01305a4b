"""Differences between two SVG or PNG images: changed words, and everything else."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from lxml import etree
from PIL import Image

from tests.support.compare_outputs.output_differences import Findings, opcodes, shorten

Box = tuple[float, float, float, float]
_SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class SvgText:
    """A line of SVG text with its position and em size in user units."""

    text: str
    x: float
    y: float
    size: float
    style: str
    width: float

    def __str__(self) -> str:
        place = f"{self.x:g}, {self.y:g}"
        return f"“{shorten(self.text, 40)}” at {place}, size {self.size:.4g}, {self.style}"

    @property
    def look(self) -> tuple[float, str]:
        return self.size, self.style

    def moved(self, other: SvgText) -> bool:
        """Whether another text shares neither the left end, the middle nor the right end."""
        starts = [0, (self.width - other.width) / 2, self.width - other.width]
        near = any(abs(self.x + shift - other.x) < 0.3 * self.size for shift in starts)
        return not near or (self.y, self.look) != (other.y, other.look)

    def box(self) -> Box:
        """Return left, top, right and bottom, with a margin for halo and descenders."""
        pad = 0.4 * self.size
        right = self.x + self.width + pad
        return self.x - pad, self.y - self.size - pad, right, self.y + 2 * pad


def read_svg(body: bytes) -> tuple[list[str], list[SvgText], list[str], float]:
    """Return the elements without text, the texts, title and description, and the width."""
    root = etree.fromstring(body)
    texts: list[SvgText] = []
    for comment in list(root.iter(etree.Comment)):
        glyphs, halo = comment.getnext(), comment.getprevious()
        if glyphs is None or glyphs.tag != f"{_SVG}g" or not glyphs.get("transform"):
            continue
        texts.append(_read_text(comment.text.strip(), glyphs))
        if _is_halo(halo, texts[-1]):
            halo.getparent().remove(halo)
        for one in (glyphs, comment):
            one.getparent().remove(one)
    words = list(root.iter("{*}title", "{*}desc", "{*}description"))
    prose = [one.text or "" for one in words]
    for one in words:
        one.text = ""
    drawn = [
        f"{etree.QName(one).localname} {sorted(one.attrib.items())} {(one.text or '').strip()}"
        for one in root.iter(etree.Element)
    ]
    return drawn, texts, prose, float(root.get("viewBox").split()[2])


def _read_text(text: str, glyphs: etree._Element) -> SvgText:
    place, _, scale = glyphs.get("transform").partition(") ")
    x, y = (float(number) for number in place.removeprefix("translate(").split())
    size = 100 * abs(float(scale.rpartition("scale(")[2].split()[0]))
    moves = [use.get("transform", "translate(0 0)") for use in glyphs.iter(f"{_SVG}use")]
    ends = [float(one.partition("translate(")[2].split()[0].rstrip(")")) for one in moves]
    return SvgText(
        text, x, y, size, glyphs.get("style", ""), (max(ends, default=0) / 100 + 1) * size
    )


def _is_halo(path: etree._Element | None, text: SvgText) -> bool:
    """Whether a path is a text's halo, by its line width."""
    if path is None or path.tag != f"{_SVG}path" or "fill: none" not in path.get("style", ""):
        return False
    width = path.get("style").partition("stroke-width: ")[2].partition(";")[0]
    return bool(width) and abs(float(width) - max(1.5, 0.24 * text.size)) < 0.01


def compare_svg(before: bytes, after: bytes) -> Findings:
    """Compare other elements one by one, and texts in their order."""
    found = Findings()
    old, old_texts, old_words, _ = read_svg(before)
    new, new_texts, new_words, _ = read_svg(after)
    if old != new:
        gone, come = Counter(old) - Counter(new), Counter(new) - Counter(old)
        what = f"{len(old)} -> {len(new)} drawn elements: {gone.total()} gone, {come.total()} new"
        firsts = [shorten(one, 160) for one in (*list(gone)[:2], *list(come)[:2])]
        found.other.append("; ".join((what if gone or come else "drawn in another order", *firsts)))
    found.add_texts(old_words, new_words)
    found.add_texts([one.text for one in old_texts], [one.text for one in new_texts])
    found.other += match_texts(old_texts, new_texts)[2]
    return found


def match_texts(
    before: list[SvgText], after: list[SvgText]
) -> tuple[list[SvgText], list[SvgText], list[str]]:
    """Return the changed texts, before and after, and their differences beyond words.

    A text that follows changed words in its line may move with them.
    """
    old: list[SvgText] = []
    new: list[SvgText] = []
    same: list[tuple[SvgText, SvgText]] = []
    other: list[str] = []
    for tag, i, j, k, n in opcodes([one.text for one in before], [one.text for one in after]):
        if tag == "equal":
            pairs = zip(before[i:j], after[k:n], strict=True)
            same += [(a, b) for a, b in pairs if a != b]
            continue
        old, new = old + before[i:j], new + after[k:n]
        if j - i == n - k:
            pairs = zip(before[i:j], after[k:n], strict=True)
            other += [f"changed text placed otherwise: {a} -> {b}" for a, b in pairs if a.moved(b)]
        elif tag == "replace" and {one.look for one in before[i:j]} != {
            one.look for one in after[k:n]
        }:
            other.append(f"changed texts in another style: {before[i]} -> {after[k]}")
    for a, b in same:
        leads = any(one.y == a.y and one.x < a.x for one in old)
        if leads and (a.y, a.look) == (b.y, b.look):
            old, new = [*old, a], [*new, b]
        else:
            other.append(f"same text, other place or style: {a} -> {b}")
    return old, new, other


def changed_boxes(before: bytes, after: bytes) -> list[Box]:
    """Return the boxes of the changed texts of two SVGs, as shares of the width."""
    (_, old, _, old_width), (_, new, _, new_width) = read_svg(before), read_svg(after)
    gone, come, _ = match_texts(old, new)
    sides = [(one.box(), old_width) for one in gone] + [(one.box(), new_width) for one in come]
    return [(x / of, y / of, right / of, bottom / of) for (x, y, right, bottom), of in sides]


def compare_png(before: bytes, after: bytes, boxes: list[Box], beside: Path | None) -> Findings:
    """Compare pixels; differences inside the boxes of changed texts count as words.

    `boxes` are shares of the width, as `changed_boxes` returns them. Both pictures and their
    differing pixels are written side by side into `beside`.
    """
    found = Findings()
    old, new = (Image.open(io.BytesIO(body)) for body in (before, after))
    for key in {**old.info, **new.info}:
        if isinstance(old.info.get(key, new.info.get(key)), str):
            found.add_words(old.info.get(key, ""), new.info.get(key, ""))
    if old.size != new.size:
        found.other.append(f"size: {old.size} -> {new.size} pixels")
        return found
    pixels = [np.asarray(one.convert("RGBA")) for one in (old, new)]
    differ = (pixels[0] != pixels[1]).any(axis=2)
    if not differ.any():
        return found
    outside = differ.copy()
    for box in boxes:
        left, top, right, bottom = (max(0, round(side * old.width)) for side in box)
        outside[top : bottom + 1, left : right + 1] = False
    y, x = np.nonzero(differ)
    bounds = f"x {x.min()} to {x.max()}, y {y.min()} to {y.max()}"
    told = f"{differ.mean():.3%} of the pixels differ, {bounds}"
    if outside.any():
        y, x = np.nonzero(outside)
        bounds = f"x {x.min()} to {x.max()}, y {y.min()} to {y.max()}"
        found.other.append(f"{told}; {outside.sum():,} of them not in changed words: {bounds}")
    else:
        found.words.append(f"{told}, all in changed words")
    if beside is not None:
        marked = Image.fromarray(np.where(outside, 0, np.where(differ, 160, 255)).astype("uint8"))
        sheet = Image.new("RGB", (old.width * 3, old.height))
        for number, one in enumerate((old, new, marked)):
            sheet.paste(one.convert("RGB"), (number * old.width, 0))
        beside.parent.mkdir(parents=True, exist_ok=True)
        sheet.save(beside)
    return found
