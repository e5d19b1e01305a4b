"""Write a deck as a PowerPoint file, slide by slide, with native, editable text and shapes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn

from geo.export.data.cell_types import clean_text
from geo.export.deck import Deck, Progress, ignore_progress
from geo.export.pptx.elements import SIDE, Bar, Picture, Piece, Rect, Sign, TextBox
from geo.export.pptx.legend_icons import draw_sign
from geo.export.pptx.reproducible_zip import save_presentation
from geo.export.pptx.shapes import (
    EMU,
    SlideCanvas,
    draw_bar,
    draw_image,
    draw_map,
    list_placeholders,
    write_text_box,
)
from geo.export.pptx.slide_layout import lay_out_slide, plan_frame
from geo.export.pptx.template import (
    BODIES,
    TITLES,
    detect_text,
    find_slide_layout,
    find_title_layout,
    open_template,
)
from geo.export.pptx.theme import create_presentation
from geo.export.pptx.title_and_sources import lay_out_sources, lay_out_title
from geo.mapping.theme import THEMES

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.slide import Slide as Sheet
    from pptx.slide import SlideLayout

    from geo.export.slide import Slide
    from geo.store import LayerStore

_LEAST_DOTS = 96  # an inch
_LEAST, _MOST = (330, 250), (7680, 4320)  # pixels


@dataclass(frozen=True)
class _File:
    """The presentation being written.

    Attributes
    ----------
    text : str
        A template's text colour, "dark" or "light"; empty without a template.
    scale : float
        Slide inches for one inch of layout, where the shorter side is 7.5.
    w, h : float
        Size of the slide in layout inches.
    """

    made: Presentation
    theme: str
    text: str
    scale: float
    w: float
    h: float

    def add_slide(
        self, layout: SlideLayout, pieces: Sequence[Piece], chart: tuple[bytes, str] = (b"", "")
    ) -> Sheet:
        """Add a slide and draw elements on it; `chart` is the map image and its alt text."""
        sheet: Sheet = self.made.slides.add_slide(layout)
        canvas = SlideCanvas(sheet, self.scale, THEMES[self.theme], self.text)
        wanted = {piece.holder for piece in pieces if isinstance(piece, TextBox)}
        _drop_empty_placeholders(sheet, keep_subtitle="subtitle" in wanted)
        for piece in pieces:
            if isinstance(piece, TextBox):
                write_text_box(piece, canvas)
            elif isinstance(piece, Sign):
                draw_sign(piece, canvas)
            elif isinstance(piece, Bar):
                draw_bar(piece, canvas)
            elif isinstance(piece, Picture):
                draw_image(piece, canvas)
            else:
                draw_map(chart[0], piece.box, chart[1], canvas)
        return sheet

    def find_slot(self, layout: SlideLayout, kinds: Sequence[Any]) -> Rect | None:
        """Return the box of a template's placeholder, or None if it is unusable."""
        if not self.text:
            return None
        unit = EMU * self.scale
        for one in list_placeholders(layout):
            if one.placeholder_format.type in kinds and one.width and one.height:
                box = Rect(one.left / unit, one.top / unit, one.width / unit, one.height / unit)
                roomy = box.w > 3 and box.h > 0.4
                inside = min(box.x, box.y) >= 0 and box.right <= self.w and box.bottom <= self.h
                if roomy and inside:
                    return box
        return None

    def find_title_slots(self, layout: SlideLayout) -> tuple[Rect, Rect] | None:
        """Return a template's boxes of title and subtitle, if they leave room for the rest."""
        title, below = self.find_slot(layout, TITLES), self.find_slot(layout, BODIES)
        if title is None or below is None or below.y < title.bottom or below.y > self.h - 2.8:
            return None
        return title, below

    def find_headline_slot(self, layout: SlideLayout) -> Rect | None:
        """Return a template's box of the headline, if it leaves room for the rest."""
        slot = self.find_slot(layout, TITLES)
        return slot if slot and slot.w > self.w * 0.55 and slot.bottom < self.h * 0.27 else None


def write_pptx(
    deck: Deck,
    store: LayerStore,
    *,
    size: tuple[int, int] = (1920, 1080),
    theme: str = "light",
    template: bytes | None = None,
    progress: Progress = ignore_progress,
) -> bytes:
    """Return a deck as a PowerPoint file: a title slide, the deck's slides, and the sources.

    The headline is in the layout's title, other text in text boxes, the legend in shapes; the map
    is a picture with alternative text. The notes have the speaker notes, the sources with their
    claims, the link, and in full whatever had to be cut on the slide. The same input gives the
    same bytes.

    Parameters
    ----------
    size : (int, int)
        Width and height in pixels: the slides have their ratio, the maps their resolution.
    theme : str
        "light" or "dark"; with a template it only decides the map's colours.
    template : bytes, optional
        A PowerPoint file or template (.pptx, .potx) whose slide size, fonts, colours and layouts
        are used, without its slides.

    Raises
    ------
    geo.errors.ExportError
        If the template cannot be used; the message says why and what to do.
    """
    from geo.export.image.render import render_map

    made = create_presentation(size, theme) if template is None else open_template(template)
    sides = made.slide_width or 0, made.slide_height or 0
    scale = min(sides) / EMU / SIDE
    w, h = (side / EMU / scale for side in sides)
    file = _File(made, theme, "" if template is None else detect_text(made), scale, w, h)
    steps = len(deck.slides) + 1
    progress(0, steps)
    layout = find_title_layout(made)
    slots = file.find_title_slots(layout)
    file.add_slide(layout, lay_out_title(deck, w, h, slots, own=not file.text))
    layout = find_slide_layout(made)
    slot = file.find_headline_slot(layout)
    frame = plan_frame(deck.slides, w, h, slot)
    for number, slide in enumerate(deck.slides, start=2):
        pieces, box, cut = lay_out_slide(slide, number, frame)
        pixels = _find_pixels(box, max(size) / max(w, h))
        picture = b"" if slide.blocks else render_map(slide, store, size=pixels, theme=theme)
        sheet = file.add_slide(layout, pieces, (picture, slide.alt))
        _write_notes(sheet, slide, cut)
        progress(number - 1, steps)
    for pieces in lay_out_sources(deck.references, len(deck.slides) + 2, w, h, slot):
        file.add_slide(layout, pieces)
    _list_notes_master(made)
    body = save_presentation(made, deck)
    progress(steps, steps)
    return body


def _find_pixels(box: Rect, dots: float) -> tuple[int, int]:
    """Return a map's size in pixels: `dots` an inch, if that is legible and can be drawn."""
    least = max(_LEAST_DOTS, _LEAST[0] / box.w, _LEAST[1] / box.h)
    dots = max(least, min(dots, _MOST[0] / box.w, _MOST[1] / box.h))
    return round(box.w * dots), round(box.h * dots)


def _drop_empty_placeholders(sheet: Sheet, *, keep_subtitle: bool) -> None:
    """Remove the placeholders that nothing fills, which would ask for a click."""
    for one in list(sheet.placeholders):
        kind = one.placeholder_format.type
        if keep_subtitle and kind in BODIES:
            keep_subtitle = False
        elif kind not in TITLES:
            one.element.getparent().remove(one.element)


def _write_notes(sheet: Sheet, slide: Slide, cut: Sequence[str]) -> None:
    notes = sheet.notes_slide
    if notes.notes_text_frame is None:  # a template whose notes page has no place for text
        notes.shapes._spTree.append(
            parse_xml(
                f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="99" name="Notes"/><p:cNvSpPr/>'
                '<p:nvPr><p:ph type="body" idx="1"/></p:nvPr></p:nvSpPr><p:spPr/>'
                "<p:txBody><a:bodyPr/><a:lstStyle/><a:p/></p:txBody></p:sp>"
            )
        )
    frame = notes.notes_text_frame
    assert frame is not None
    full = ["", "In full, what the slide shortens", *cut] if cut else []
    frame.text = "\n".join([*clean_text(slide.spoken).splitlines(), *map(clean_text, full)])


def _list_notes_master(made: Presentation) -> None:
    """List the notes master in the presentation, which python-pptx leaves out."""
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
