"""Differences between two PowerPoint files: changed words, and everything else."""

from __future__ import annotations

import hashlib
import io
import zipfile
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree
from pptx import Presentation
from pptx.opc.package import Part

from tests.support.compare_outputs.output_differences import Findings
from tests.support.compare_outputs.picture_differences import compare_png

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_SHAPES = [f"{_P}{name}" for name in ("sp", "pic", "cxnSp", "graphicFrame", "grpSp")]
_PIXEL = 9_525  # EMU
_PROPERTIES = ("title", "subject", "keywords", "comments", "author", "last_modified_by")


@dataclass(frozen=True)
class _Shape:
    """A shape: its text, its position, its remaining XML, and its text styles."""

    name: str
    words: tuple[str, ...]
    place: tuple[int, ...]
    looks: bytes
    text_layout: bytes
    styles: frozenset[bytes]


def compare_pptx(before: bytes, after: bytes) -> Findings:
    """Compare slides and notes by shape; a shape with changed words may be resized."""
    found = Findings()
    old, new = (Presentation(io.BytesIO(body)) for body in (before, after))
    for name in _PROPERTIES:
        found.add_words(*(getattr(one.core_properties, name) for one in (old, new)))
    if len(old.slides) != len(new.slides):
        found.other.append(f"{len(old.slides)} -> {len(new.slides)} slides")
        return found
    for number, pair in enumerate(zip(old.slides, new.slides, strict=True), start=1):
        _compare_slides(*pair, f"slide {number}", found)
        notes = [one.notes_slide if one.has_notes_slide else None for one in pair]
        if None not in notes:
            _compare_slides(*notes, f"notes of slide {number}", found)
        elif any(notes):
            found.other.append(f"slide {number}: notes only {'before' if notes[0] else 'after'}")
    _compare_parts(before, after, found)
    return found


def _compare_slides(before: object, after: object, where: str, found: Findings) -> None:
    frames, shapes = zip(*(_read_slide(one) for one in (before, after)), strict=True)
    if frames[0] != frames[1]:
        found.other.append(f"{where}: its background, transition or timing differs")
    if len(shapes[0]) != len(shapes[1]):
        names = [", ".join(one.name for one in part) for part in shapes]
        found.other.append(f"{where}: {len(shapes[0])} -> {len(shapes[1])} shapes")
        found.other.append(f"{where}: {names[0]} -> {names[1]}")
        return
    moved: list[tuple[int, str]] = []
    for old, new in zip(*shapes, strict=True):
        same = old.words == new.words
        here = f"{where}, “{old.name}”"
        found.add_texts(old.words, new.words)
        if old.place != new.place:
            by = max((abs(a - b) for a, b in zip(old.place, new.place, strict=False)), default=0)
            change = f"{here}: {old.place} -> {new.place}"
            if same:
                moved.append((by, change))
            else:
                found.words.append(f"resized with its words: {change}")
        if old.looks != new.looks:
            found.other.append(f"{here} looks otherwise")
        if (old.text_layout != new.text_layout) if same else (old.styles != new.styles):
            found.other.append(f"{here} has its text in another style")
    if moved:
        by, change = max(moved)
        most = f"by at most {by:,} EMU ({by / _PIXEL:.2g} pixels)"
        found.other.append(f"{len(moved)} shapes moved or resized {most}: {change}")


def _read_slide(slide: object) -> tuple[bytes, list[_Shape]]:
    root = deepcopy(slide.part._element)
    _resolve_relations(root, slide.part)
    tree = root.find(f".//{_P}spTree")
    shapes = [_read_shape(deepcopy(one)) for one in tree.iter(*_SHAPES)]
    tree.clear()
    return etree.tostring(root, method="c14n"), shapes


def _resolve_relations(root: etree._Element, part: Part) -> None:
    """Replace each relation's id by its URL, or by a hash of its target part."""
    for one in root.iter(etree.Element):
        for key, value in one.attrib.items():
            if key.startswith(_R) and value in part.rels:
                target = part.rels[value]
                known = target.is_external or not target.target_part.partname.startswith(
                    "/ppt/media"
                )
                content = b"" if known else target.target_part.blob
                one.set(key, hashlib.sha256(content).hexdigest() if content else target.target_ref)


def _read_shape(shape: etree._Element) -> _Shape:
    for child in [one for one in shape.iter(*_SHAPES) if one is not shape]:
        if child.getparent() is not None:
            child.getparent().remove(child)
    about = shape.find(f".//{_P}cNvPr")
    name = about.get("name", "")
    words = [about.attrib.pop(key, "") for key in ("name", "descr", "title")]
    words += [
        "".join(one.text or "" for one in line.iter(f"{_A}t")) for line in shape.iter(f"{_A}p")
    ]
    frames = list(shape.iter(f"{_A}xfrm", f"{_P}xfrm"))
    place = [int(value) for one in frames for part in (one, *one) for value in part.attrib.values()]
    for one in frames:
        one.getparent().remove(one)
    for one in shape.iter(f"{_A}t"):
        one.text = ""
    bodies = list(shape.iter(f"{_P}txBody", f"{_A}txBody"))
    layout = b"".join(etree.tostring(one, method="c14n") for one in bodies)
    runs = [run for body in bodies for run in body.iter(f"{_A}rPr", f"{_A}pPr", f"{_A}bodyPr")]
    styles = frozenset(etree.tostring(one, method="c14n") for one in runs)
    for one in bodies:
        one.getparent().remove(one)
    looks = etree.tostring(shape, method="c14n")
    return _Shape(name, tuple(words), tuple(place), looks, layout, styles)


def _compare_parts(before: bytes, after: bytes, found: Findings) -> None:
    """Compare the parts that are neither slides, notes nor properties, byte by byte."""
    packs = []
    for body in (before, after):
        with zipfile.ZipFile(io.BytesIO(body)) as pack:
            packs.append({name: pack.read(name) for name in pack.namelist()})
    for name in {**packs[0], **packs[1]}:
        old, new = (pack.get(name) for pack in packs)
        if old is None or new is None:
            found.other.append(f"{name}: only {'before' if new is None else 'after'}")
        elif old != new and not name.startswith(("ppt/slides/", "ppt/notesSlides/", "docProps/")):
            found.other.append(f"{name}: other content")
            if name.endswith(".png"):
                found.other += compare_png(old, new, [], None).other
