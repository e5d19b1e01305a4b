"""How two files of one kind differ: not at all, in words only, or in more than words."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
from lxml import etree
from PIL import Image

PROSE = frozenset({"text", "why", "remedy", "what", "note", "title", "attribution"})
"""Keys of JSON whose values are sentences for people."""

_SVG = "{http://www.w3.org/2000/svg}"


@dataclass
class Findings:
    """Differences between two files, one a line: changed words, and everything else."""

    words: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        return "different" if self.other else "words only" if self.words else "identical"

    def add_words(self, before: object, after: object) -> None:
        """Add the words between the first and the last that differ; a few more for an insertion."""
        if before == after:
            return
        old, new = str(before).split(), str(after).split()
        start = _count_common(old, new)
        end = _count_common(old[start:][::-1], new[start:][::-1])
        if start + end in (len(old), len(new)):
            start, end = max(0, start - 2), max(0, end - 2)
        sides = (" ".join(words[start : len(words) - end]) for words in (old, new))
        self.words.append(" -> ".join(sides))

    def add_texts(self, before: Sequence[str], after: Sequence[str]) -> None:
        """Add the words that differ between two sequences of texts."""
        for tag, i, j, k, n in opcodes(before, after):
            if tag != "equal":
                self.add_words(" | ".join(before[i:j]), " | ".join(after[k:n]))


def opcodes(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    """Return what turns one sequence of texts into the other, as difflib names it."""
    return SequenceMatcher(None, before, after, autojunk=False).get_opcodes()


def _count_common(one: Sequence[str], other: Sequence[str]) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def shorten(value: object, most: int = 100) -> str:
    text = str(value)
    return text if len(text) <= most else f"{text[:most]}…"


def _list_changes(before: Sequence[str], after: Sequence[str]) -> str:
    gone, come = Counter(before) - Counter(after), Counter(after) - Counter(before)
    if not gone and not come:
        return "another order"
    return shorten(f"gone {', '.join(gone) or 'none'}; new {', '.join(come) or 'none'}", 300)


def compare_json(before: bytes, after: bytes) -> Findings:
    """Compare JSON value by value; the values of PROSE keys are words."""
    found = Findings()
    _walk(json.loads(before), json.loads(after), "", found)
    return found


def _walk(before: object, after: object, where: str, found: Findings) -> None:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in (key for key in {**before, **after} if key not in before or key not in after):
            found.other.append(f"{where}.{key}: only {'before' if key in before else 'after'}")
        for key in (key for key in before if key in after):
            _walk(before[key], after[key], f"{where}.{key}", found)
    elif isinstance(before, list) and isinstance(after, list):
        if len(before) != len(after):
            changes = _list_changes([str(one) for one in before], [str(one) for one in after])
            found.other.append(f"{where}: {len(before)} -> {len(after)} items, {changes}")
            return
        for number, pair in enumerate(zip(before, after, strict=True)):
            _walk(*pair, f"{where}[{number}]", found)
    elif before != after or type(before) is not type(after):
        if where.rpartition(".")[2] in PROSE and isinstance(before, str) and isinstance(after, str):
            found.add_words(before, after)
        else:
            found.other.append(f"{where}: {shorten(before)} -> {shorten(after)}")


def compare_geojson(before: bytes, after: bytes) -> Findings:
    """Compare features by id: properties and geometry; members beside them as JSON."""
    old, new = json.loads(before), json.loads(after)
    rows = [
        [
            {**one["properties"], "geometry": json.dumps(one["geometry"])}
            for one in made.pop("features")
        ]
        for made in (old, new)
    ]
    found = _compare_rows(*rows)
    _walk(old, new, "", found)
    return found


def compare_csv(before: bytes, after: bytes) -> Findings:
    """Compare the cells of rows of the same id; the order of rows and columns counts."""
    tables = [
        list(csv.DictReader(io.StringIO(b.decode("utf-8-sig"), newline="")))
        for b in (before, after)
    ]
    return _compare_rows(*tables)


def _compare_rows(before: list[dict], after: list[dict]) -> Findings:
    found = Findings()
    columns = [list(dict.fromkeys(key for row in rows for key in row)) for rows in (before, after)]
    if columns[0] != columns[1]:
        found.other.append(f"columns: {_list_changes(*columns)}")
    ids = [[str(row.get("id", number)) for number, row in enumerate(r)] for r in (before, after)]
    if ids[0] != ids[1]:
        found.other.append(f"ids: {_list_changes(*ids)}")
    rows = [dict(zip(names, r, strict=True)) for names, r in zip(ids, (before, after), strict=True)]
    for name in (name for name in rows[0] if name in rows[1]):
        old, new = rows[0][name], rows[1][name]
        found.other += [
            f"{name}.{key}: {shorten(old[key])} -> {shorten(new[key])}"
            for key in old
            if key in new and old[key] != new[key]
        ]
    return found


@dataclass(frozen=True)
class SvgText:
    """A line of text of an SVG: its position and em size in units of the drawing."""

    text: str
    x: float
    y: float
    size: float
    style: str
    width: float

    def __str__(self) -> str:
        place = f"{self.x:g}, {self.y:g}"
        return f"“{shorten(self.text, 40)}” at {place}, size {self.size:.4g}, {self.style}"

    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom with some space for the halo and for descenders."""
        pad = 0.4 * self.size
        right = self.x + self.width + pad
        return self.x - pad, self.y - self.size - pad, right, self.y + 2 * pad


def read_svg(body: bytes) -> tuple[list[str], list[SvgText], list[str], float]:
    """Return the elements that are not text, the texts, title and description, and the width."""
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
    """Whether a path is the outline drawn behind a text, by its line's width."""
    if path is None or path.tag != f"{_SVG}path" or "fill: none" not in path.get("style", ""):
        return False
    width = path.get("style").partition("stroke-width: ")[2].partition(";")[0]
    return bool(width) and abs(float(width) - max(1.5, 0.24 * text.size)) < 0.01


def compare_svg(before: bytes, after: bytes) -> Findings:
    """Compare what is drawn besides text element by element, and texts in their order."""
    found = Findings()
    old, old_texts, old_words, _ = read_svg(before)
    new, new_texts, new_words, _ = read_svg(after)
    if old != new:
        gone, come = Counter(old) - Counter(new), Counter(new) - Counter(old)
        what = f"{len(old)} -> {len(new)} drawn elements: {gone.total()} gone, {come.total()} new"
        firsts = [shorten(one, 160) for one in (*list(gone)[:2], *list(come)[:2])]
        found.other.append("; ".join((what if gone or come else "drawn in another order", *firsts)))
    found.add_texts(old_words, new_words)
    names = [[one.text for one in texts] for texts in (old_texts, new_texts)]
    found.add_texts(*names)
    for tag, i, j, k, n in opcodes(*names):
        pairs = zip(old_texts[i:j], new_texts[k:n], strict=True) if tag == "equal" else ()
        found.other += [f"same text, other place or style: {a} -> {b}" for a, b in pairs if a != b]
    return found


def changed_boxes(before: bytes, after: bytes) -> list[tuple[float, float, float, float]]:
    """Return the boxes of the texts that two SVG do not share, as shares of the width."""
    boxes = []
    (_, old, _, old_width), (_, new, _, new_width) = read_svg(before), read_svg(after)
    for tag, i, j, k, n in opcodes([one.text for one in old], [one.text for one in new]):
        if tag != "equal":
            boxes += [[side / old_width for side in one.box()] for one in old[i:j]]
            boxes += [[side / new_width for side in one.box()] for one in new[k:n]]
    return boxes


def compare_png(
    before: bytes, after: bytes, boxes: list[tuple[float, float, float, float]], beside: Path | None
) -> Findings:
    """Compare pixels: differences inside of the boxes of changed texts are words.

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
