"""Write a deck as a PowerPoint file, slide by slide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn

from geo.errors import ExportError
from geo.export.data.cell_types import clean_text
from geo.export.pptx.elements import SIDE, Bar, Piece, Rect, Sign, TextBox
from geo.export.pptx.legend_icons import draw_sign
from geo.export.pptx.reproducible_zip import packed
from geo.export.pptx.shapes import (
    EMU,
    SlideCanvas,
    draw_bar,
    place_picture,
    placeholders,
    write_words,
)
from geo.export.pptx.slide_layout import frame_of, page
from geo.export.pptx.template import open_template, page_layout, text_of, title_layout
from geo.export.pptx.theme import new_file
from geo.export.pptx.title_and_sources import source_pages, title_page
from geo.mapping.theme import THEMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pptx.presentation import Presentation
    from pptx.slide import Slide as Sheet
    from pptx.slide import SlideLayout

    from geo.export.deck import Deck, Progress
    from geo.export.slide import Slide
    from geo.store import LayerStore


_LEAST_DOTS = 96  # an inch
_LEAST, _MOST = (330, 250), (7680, 4320)  # pixels


@dataclass(frozen=True)
class _File:
    """The presentation being written, and its slide size in inches (shorter side 7.5)."""

    made: Presentation
    theme: str
    text: str

    @property
    def scale(self) -> float:
        """Slide inches for one inch of layout."""
        return min(self._sides) / EMU / SIDE

    @property
    def w(self) -> float:
        """Slide width in layout inches."""
        return self._sides[0] / EMU / self.scale

    @property
    def h(self) -> float:
        """Slide height in layout inches."""
        return self._sides[1] / EMU / self.scale

    @property
    def _sides(self) -> tuple[int, int]:
        return self.made.slide_width or 0, self.made.slide_height or 0

    def sheet(
        self, layout: SlideLayout, pieces: Sequence[Piece], chart: tuple[bytes, str] = (b"", "")
    ) -> Sheet:
        """Add a slide and draw elements on it; `chart` is the map image and its alt text."""
        sheet: Sheet = self.made.slides.add_slide(layout)
        brush = SlideCanvas(sheet, self.scale, THEMES[self.theme], self.text)
        wanted = {piece.holder for piece in pieces if isinstance(piece, TextBox)}
        _drop_empty(sheet, keep_subtitle="subtitle" in wanted)
        for piece in pieces:
            if isinstance(piece, TextBox):
                write_words(piece, brush)
            elif isinstance(piece, Sign):
                draw_sign(piece, brush)
            elif isinstance(piece, Bar):
                draw_bar(piece, brush)
            else:
                place_picture(chart[0], piece.box, chart[1], brush)
        return sheet

    def slot(self, layout: SlideLayout, *kinds: Any) -> Rect | None:
        """Return the box of a template's placeholder, or None if it is unusable."""
        if not self.text:
            return None
        unit = EMU * self.scale
        for one in placeholders(layout):
            if one.placeholder_format.type in kinds and one.width and one.height:
                box = Rect(one.left / unit, one.top / unit, one.width / unit, one.height / unit)
                if _inside(box, self.w, self.h):
                    return box
        return None


def write(
    deck: Deck,
    store: LayerStore,
    *,
    size: tuple[int, int],
    theme: str,
    template: bytes | None,
    progress: Progress,
) -> bytes:
    """Return a deck as a PowerPoint file; see `geo.export.pptx.write_pptx`."""
    from geo.export.image.render import render_map

    made = new_file(size, theme) if template is None else open_template(template)
    if not deck.slides:
        raise ExportError(f"The briefing {deck.title!r} has no scene yet; add one first.")
    file = _File(made, theme, "" if template is None else text_of(made))
    steps = len(deck.slides) + 1
    progress(0, steps)
    file.sheet(
        title_layout(made), title_page(deck, file.w, file.h, _cover_slots(file), own=not file.text)
    )
    layout = page_layout(made)
    slot = _headline_slot(file, layout)
    frame = frame_of(deck.slides, file.w, file.h, slot)
    for number, slide in enumerate(deck.slides, start=2):
        laid = page(slide, number, frame)
        dots = max(size) / max(file.w, file.h)
        picture = render_map(slide, store, size=_pixels(laid.chart, dots), theme=theme)
        sheet = file.sheet(layout, laid.pieces, (picture, slide.alt))
        _write_notes(sheet, slide, laid.left_out)
        progress(number - 1, steps)
    first = len(deck.slides) + 2
    for pieces in source_pages(deck.references, first, file.w, file.h, slot):
        file.sheet(layout, pieces)
    _list_notes_master(made)
    body = packed(made, deck)
    progress(steps, steps)
    return body


def _pixels(box: Rect, dots: float) -> tuple[int, int]:
    """Return a map's pixels: so many an inch, within what reads well and what can be drawn."""
    least = max(_LEAST_DOTS, _LEAST[0] / box.w, _LEAST[1] / box.h)
    dots = max(least, min(dots, _MOST[0] / box.w, _MOST[1] / box.h))
    return round(box.w * dots), round(box.h * dots)


def _cover_slots(file: _File) -> tuple[Rect, Rect] | None:
    layout = title_layout(file.made)
    title = file.slot(layout, PP_PLACEHOLDER.CENTER_TITLE, PP_PLACEHOLDER.TITLE)
    below = file.slot(layout, PP_PLACEHOLDER.SUBTITLE, PP_PLACEHOLDER.BODY)
    if title is None or below is None or below.y < title.bottom or below.y > file.h - 2.8:
        return None
    return title, below


def _headline_slot(file: _File, layout: SlideLayout) -> Rect | None:
    """Return where a template has its headlines, if that leaves room for the rest."""
    slot = file.slot(layout, PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
    return slot if slot and slot.w > file.w * 0.55 and slot.bottom < file.h * 0.27 else None


def _inside(box: Rect, w: float, h: float) -> bool:
    roomy = box.w > 3 and box.h > 0.4
    return roomy and box.x >= 0 and box.y >= 0 and box.right <= w and box.bottom <= h


def _drop_empty(sheet: Sheet, *, keep_subtitle: bool) -> None:
    """Take out the placeholders that nothing fills, which would ask for a click."""
    kept = 1 if keep_subtitle else 0
    for one in list(sheet.placeholders):
        if one.placeholder_format.type in (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE):
            continue
        text = one.placeholder_format.type in (PP_PLACEHOLDER.SUBTITLE, PP_PLACEHOLDER.BODY)
        if kept and text:
            kept -= 1
            continue
        one.element.getparent().remove(one.element)


def _write_notes(sheet: Sheet, slide: Slide, left_out: tuple[str, ...]) -> None:
    notes = sheet.notes_slide
    frame = notes.notes_text_frame
    if frame is None:  # a template whose notes page has no place for text
        notes.shapes._spTree.append(
            parse_xml(
                f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="99" name="Notes"/><p:cNvSpPr/>'
                '<p:nvPr><p:ph type="body" idx="1"/></p:nvPr></p:nvSpPr><p:spPr/>'
                "<p:txBody><a:bodyPr/><a:lstStyle/><a:p/></p:txBody></p:sp>"
            )
        )
        frame = notes.notes_text_frame
    full = ["", "In full, what the slide shortens", *left_out] if left_out else []
    assert frame is not None
    frame.text = "\n".join([*clean_text(slide.spoken).splitlines(), *map(clean_text, full)])


def _list_notes_master(made: Presentation) -> None:
    """Name the notes' master in the presentation, which python-pptx leaves out."""
    root = made.part._element
    if root.find(qn("p:notesMasterIdLst")) is not None:
        return
    for key, relation in made.part.rels.items():
        if relation.reltype == RELATIONSHIP_TYPE.NOTES_MASTER:
            root.find(qn("p:sldMasterIdLst")).addnext(
                parse_xml(
                    f'<p:notesMasterIdLst {nsdecls("p", "r")}><p:notesMasterId r:id="{key}"/>'
                    "</p:notesMasterIdLst>"
                )
            )
            return
