"""Lay out the title slide and the source slides."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from geo.export.deck import Deck
from geo.export.layout.metrics import to_one_line
from geo.export.layout.text import wrap_text
from geo.export.pptx.elements import (
    LEADING,
    MARGIN,
    POINT,
    Bar,
    Para,
    Piece,
    Rect,
    TextBox,
    cut_text,
    total_height,
    typeface,
)
from geo.export.pptx.slide_layout import draw_number, find_even_width, fit_title
from geo.export.slide import REMARK
from geo.mapping.basemap_files import write_base_credit
from geo.text.formatting import explain_link

_TITLE = (44.0, 40.0), (40.0, 36.0), (34.0, 30.0, 26.0, 22.0)
_SUBTITLE = (20.0, 18.0, 16.0, 14.0)
_SOURCE = 12.0
_ADDRESS = re.compile(r"https?://\S+?(?=\.?$)")


def lay_out_title(
    deck: Deck, w: float, h: float, slots: tuple[Rect, Rect] | None, *, own: bool
) -> list[Piece]:
    """Return the elements of the title slide, of `w` by `h` inches.

    `slots` are a template's boxes of title and subtitle; `own` adds a band and an accent rule.
    """
    x, room = (0.95, w - 0.95 - 1.2) if w > h else (0.8, w - 1.6)
    foot = _draw_foot(deck, x, room, h)
    kept = slots is not None
    if slots is None:
        title_box = Rect(x, h * 0.24, room, 1.75)
        subtitle_box = Rect(x, title_box.bottom + 0.42, room, foot.box.y - title_box.bottom - 0.8)
    else:
        title_box, subtitle_box = slots
        room_below = foot.box.y - 0.1 - subtitle_box.y
        subtitle_box = replace(subtitle_box, h=min(subtitle_box.h, room_below))
    title = fit_title(to_one_line(deck.title), title_box, *_TITLE)
    if not kept:
        # Align the title's bottom edge with the accent rule.
        height = total_height((title,), room) + 0.08
        width = find_even_width(title, room)
        title_box = Rect(x, title_box.bottom - height, width, height)
    pieces: list[Piece] = [TextBox("Title", title_box, (title,), "title", kept=kept)]
    if own:
        pieces += [
            Bar("Band", Rect(0, 0, 0.3, h), "coast"),
            Bar("Accent", Rect(x, title_box.bottom + 0.2, 0.9, 0.045), "accent"),
        ]
    subtitle = _fit_subtitle(deck, subtitle_box)
    pieces.append(TextBox("Subtitle", subtitle_box, subtitle, "subtitle", kept=kept))
    return [*pieces, foot, draw_number(1, w, h)]


def _fit_subtitle(deck: Deck, box: Rect) -> tuple[Para, ...]:
    """Return subtitle and date range in the largest size that fits."""
    subtitle, days = to_one_line(deck.subtitle), to_one_line(deck.days)
    for size in _SUBTITLE:
        paras = [Para(subtitle, size, "muted")] if deck.subtitle else []
        if days:
            paras.append(Para(days, max(size - 2, 13), bold=True, before=12))
        if total_height(paras, box.w) <= box.h:
            return tuple(paras)
    size = min(_SUBTITLE[-1], box.h * 72 / (3 * LEADING))
    most = max(1, int(box.h * 72 / (size * LEADING)) - 2)
    paras = [Para(cut_text(subtitle, size, box.w, most), size, "muted")]
    if days:
        paras.append(Para(cut_text(days, size, box.w, 1, bold=True), size, bold=True))
    return tuple(paras)


def _draw_foot(deck: Deck, x: float, room: float, h: float) -> TextBox:
    count = len(deck.slides)
    scenes = "1 slide" if count == 1 else f"{count} slides"
    version = f"{scenes}; data version {to_one_line(deck.version)}."
    room = room - 0.6
    link = cut_text(to_one_line(explain_link(deck.link)), 11, room, 2)
    paras = (
        Para(cut_text(REMARK, 13, room, 2), 13),
        Para(cut_text(version, 11, room, 1), 11, "muted", before=3),
        Para(link, 11, "muted", before=3, link=_find_url(deck.link)),
        Para(cut_text(write_base_credit(), 9, room, 2), 9, "faint", before=3),
    )
    height = total_height(paras, room)
    return TextBox("About", Rect(x, h - 0.4 - height, room, height), paras)


def lay_out_sources(
    references: Sequence[str], first: int, w: float, h: float, slot: Rect | None
) -> Iterator[list[Piece]]:
    """Yield the elements of each slide that lists sources; they are numbered from `first`.

    `references` are sources with their URLs; `slot` is a template's box of the headline.
    """
    place = slot or Rect(MARGIN, 0.3, w - 2 * MARGIN, 0.55)
    note = Para(f"{REMARK} Each slide’s notes name its sources with their claims.", 9, "faint")
    foot = Rect(MARGIN, h - 0.24 - 0.36, w - 2 * MARGIN - 0.7, 0.36)
    area = Rect(place.x, place.bottom + 0.25, place.w, foot.y - place.bottom - 0.45)
    listed = list(_fill_pages(references, area)) or [
        [Para("No source: no report is shown.", _SOURCE)]
    ]
    for position, paras in enumerate(listed):
        counted = f"Sources ({position + 1} of {len(listed)})" if len(listed) > 1 else "Sources"
        title = fit_title(counted, place, (28.0, 24.0, 20.0))
        yield [
            TextBox("Headline", place, (title,), "title", kept=slot is not None),
            Bar("Rule", Rect(place.x, place.bottom + 0.1, place.w, 0.012), "muted"),
            TextBox("Sources", replace(area, h=total_height(paras, area.w)), tuple(paras)),
            TextBox("Remark", foot, (note,)),
            draw_number(first + position, w, h),
        ]


def _fill_pages(references: Sequence[str], area: Rect) -> Iterator[list[Para]]:
    page: list[Para] = []
    for para in _split_references(references, area):
        if page and total_height((*page, para), area.w) > area.h:
            yield page
            page = []
        page.append(para)
    if page:
        yield page


def _split_references(references: Sequence[str], area: Rect) -> Iterator[Para]:
    """Yield one paragraph for each source, or several for one that is taller than a slide."""
    most = max(1, int((area.h - 0.1) * 72 / (_SOURCE * LEADING)))
    for reference in references:
        text = to_one_line(reference)
        rows = wrap_text(text, typeface(), _SOURCE * POINT, area.w).lines
        if len(rows) <= most:
            yield Para(text, _SOURCE, before=5, link=_find_url(text))
            continue
        for start in range(0, len(rows), most):
            yield Para(" ".join(rows[start : start + most]), _SOURCE, before=5)


def _find_url(text: str) -> str:
    """Return the first http(s) URL in a text, if any."""
    found = _ADDRESS.search(text)
    return found[0] if found else ""
