"""A briefing as one PDF: a title page, each slide, and the sources."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from matplotlib.path import Path

from geo.export.image import matplotlib_backend, town_labels
from geo.export.image.basemap import draw_ground
from geo.export.image.display_list import DisplayList, Shape
from geo.export.image.fonts import MEDIUM, SANS, SERIF
from geo.export.image.map import draw_edge
from geo.export.image.map_claims import sites_of
from geo.export.image.place_symbols import draw_sites
from geo.export.image.projection import MapCanvas, camera_for
from geo.export.image.sheet_grid import Grid, grid_of
from geo.export.image.slide_layout import slide_sheet
from geo.export.layout.text import TextBlock, balance_lines, cut_middle, fit_text, wrap_text
from geo.export.slide import REMARK
from geo.mapping.basemap_files import write_base_credit
from geo.page_registry import build_frame
from geo.text.formatting import explain_link

if TYPE_CHECKING:
    from geo.export.deck import Deck, Progress
    from geo.store import LayerStore

REFERENCE = (27.0, 24.0, 21.0, 19.0)  # units: text sizes; the largest that fits on one page is used


def pages_pdf(
    deck: Deck, store: LayerStore, size: tuple[int, int], theme: str, progress: Progress
) -> bytes:
    """Return a briefing as PDF; see `geo.export.image.render.render_pages`."""
    with matplotlib_backend.settled():
        sources = source_sheets(deck, size, theme)
    total = 1 + len(deck.slides) + len(sources)
    pages = [partial(title_sheet, deck, store, size, theme)]
    for number, slide in enumerate(deck.slides, start=2):
        page = f"{number} / {total}"
        pages.append(partial(slide_sheet, slide, store, size, theme, page=page))
    for number, sheet in enumerate(sources, start=2 + len(deck.slides)):
        pages.append(partial(_number, sheet, grid_of(size), f"{number} / {total}"))
    return matplotlib_backend.pdf(pages, deck.title, progress)


def title_sheet(deck: Deck, store: LayerStore, size: tuple[int, int], theme: str) -> DisplayList:
    """Lay out the title page: title, subtitle, dates and a map."""
    grid = grid_of(size)
    unit = grid.unit
    sheet = DisplayList(size, unit, theme)
    if grid.beside:
        box = (0.5 * grid.width, -2.0, grid.width + 2, grid.height + 2)
        width, top, room = box[0] - 2 * grid.left, 0.17 * grid.height, 0.6 * grid.height
    else:
        box = (-2.0, -2.0, grid.width + 2, 0.46 * grid.height)
        width, top, room = grid.right - grid.left, box[3] + 48 * unit, 0.34 * grid.height
    canvas = MapCanvas(sheet, camera_for(box, unit, build_frame(), None))
    draw_ground(canvas)
    for slide in deck.slides[:1]:
        draw_sites(canvas, [replace(one, reports=()) for one in sites_of(slide.selection, store)])
    town_labels.draw_towns(canvas, ())
    town_labels.draw_regions(canvas)
    draw_edge(sheet, box)
    lead = 1.14
    sizes = tuple(unit * one for one in (92, 84, 76, 68, 60, 52, 46, 40))
    fits = tuple(max(1, int(0.62 * room / (one * lead))) for one in sizes)
    title = fit_text(deck.title, SERIF, sizes, width, most=fits, leading=lead)
    y = sheet.write_block(balance_lines(title, width), grid.left, top, "ink") + 26 * unit
    rest = top + room - y
    under = tuple(unit * one for one in (32, 28, 25, 22))
    fits = tuple(max(1, int(rest / (one * 1.36))) for one in under)
    subtitle = fit_text(deck.subtitle, SANS, under, width, most=fits, leading=1.36)
    sheet.write_block(subtitle, grid.left, y, "muted")
    _imprint(sheet, grid, deck, width)
    return sheet


def _imprint(sheet: DisplayList, grid: Grid, deck: Deck, width: float) -> None:
    """Write dates, counts and link at the bottom of the title page."""
    unit = grid.unit
    slides, sources = len(deck.slides), len(deck.references)
    counted = (
        f"{slides} {'slide' if slides == 1 else 'slides'}, "
        f"{sources} {'source' if sources == 1 else 'sources'}. {REMARK}"
    )
    parts = [
        (wrap_text(deck.days, MEDIUM, 27 * unit, width, most=1, leading=1.4), "ink"),
        (wrap_text(counted, SANS, 20 * unit, width, most=3, leading=1.36), "muted"),
    ]
    small = 17 * unit
    link = cut_middle(explain_link(deck.link), SANS, small, width)
    credit = wrap_text(write_base_credit(), SANS, small, width, most=2, leading=1.36)
    parts += [(TextBlock(link, (link,), SANS, small, 1.36 * small), "faint"), (credit, "faint")]
    y = grid.height - 40 * unit - sum(one.height for one, _ in parts)
    rule = Path([(grid.left, y - 14 * unit), (grid.left + 96 * unit, y - 14 * unit)])
    sheet.add(Shape(rule, line="accent", width=4 * unit))
    for one, colour in parts:
        y = sheet.write_block(one, grid.left, y, colour)


def source_sheets(deck: Deck, size: tuple[int, int], theme: str) -> list[DisplayList]:
    """Lay out the pages of sources; at least one."""
    tried = (_sources(deck, size, theme, letters) for letters in REFERENCE[:-1])
    whole = next((sheets for sheets in tried if len(sheets) == 1), None)
    return whole or _sources(deck, size, theme, REFERENCE[-1])


def _sources(deck: Deck, size: tuple[int, int], theme: str, letters: float) -> list[DisplayList]:
    grid = grid_of(size)
    unit = grid.unit
    columns = 2 if grid.width / unit > 1400 and len(deck.references) > 8 else 1
    gutter, indent, head = 64 * unit, 2.1 * letters * unit, 168 * unit
    width = (grid.right - grid.left - gutter * (columns - 1)) / columns
    sheets: list[DisplayList] = []
    column, y, bottom = columns, 0.0, grid.height - 70 * unit
    references = deck.references or ("No source is named on any slide.",)
    for number, one in enumerate(references, start=1):
        text = wrap_text(one, SANS, letters * unit, width - indent, most=9, leading=1.32)
        if not sheets or y + text.height > bottom:
            column, y = column + 1, head
            if column >= columns:
                sheets.append(_sources_head(grid, size, theme, again=bool(sheets)))
                column = 0
        x = grid.left + column * (width + gutter)
        if deck.references:
            sheets[-1].write(f"{number}", x, text.baseline(y), SANS, text.size, "faint")
        y = sheets[-1].write_block(text, x + indent, y, "ink") + 0.55 * text.size
    return sheets


def _sources_head(grid: Grid, size: tuple[int, int], theme: str, *, again: bool) -> DisplayList:
    unit = grid.unit
    sheet = DisplayList(size, unit, theme)
    head = "Sources, continued" if again else "Sources"
    sheet.write(head, grid.left, 92 * unit, SERIF, 52 * unit, "ink")
    rule = Path([(grid.left, 128 * unit), (grid.right, 128 * unit)])
    sheet.add(Shape(rule, line="ink", width=1.6 * unit))
    return sheet


def _number(sheet: DisplayList, grid: Grid, page: str) -> DisplayList:
    """Write page number and remark at the foot of a page of sources; return the page."""
    foot = grid.height - 32 * grid.unit
    size = 17 * grid.unit
    words = sheet.write(page, grid.right, foot, SANS, size, "muted", align="right")
    remark = wrap_text(REMARK, SANS, size, words.x - grid.left - size, most=1)
    sheet.write(" ".join(remark.lines), grid.left, foot, SANS, size, "faint")
    return sheet
