"""What a slide says: one model for the screen, the picture, the PowerPoint and the page.

Everything on it is made from one Selection, and is text without markup.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geo import summary
from geo.compare import NOT_OBSERVED, compare_views
from geo.export.data.cell_types import clean_text
from geo.export.data.citations import Citation, list_citations
from geo.export.layout.panel_model import PanelContent
from geo.mapping.legend import LegendEntry, build_legend
from geo.page_registry import WEST_SYRIA, PageSpec, find_page
from geo.selection import CLAIMS, Selection, select
from geo.store import Query
from geo.text import formatting
from geo.view import View, to_query

if TYPE_CHECKING:
    from geo.briefing import Scene
    from geo.evidence import Evidence
    from geo.mapping.folium_map import MapExtent
    from geo.store import LayerStore

BASE_CREDIT = "Base: GSHHG, Natural Earth, GeoNames, © OpenStreetMap contributors."
REMARK = "Reported facts, not verified by the makers of this map."
_NAMED = 6


@dataclass(frozen=True)
class Question:
    """A question on which sources differ: what it asks, and what they say, in short."""

    id: str
    question: str
    answers: str


@dataclass(frozen=True)
class Slide:
    """One picture with its words.

    Attributes
    ----------
    key : str
        The scene's id, or the page's path.
    headline : str
    lines : tuple of str
        One or a few sentences under the headline.
    window, counted : str
        The days, and "N of M reports".
    legend : tuple of dict
        As `geo.mapping.legend.build_legend` gives it.
    questions : tuple of Question
        Where sources differ on what is shown.
    unseen : str
        What reports of earlier days name and those of these days do not; it may be empty.
    sources : tuple of str
        Publisher and date of each source of a claim shown or named, in order.
    citations : tuple of str
        The same sources, each with its address.
    references : tuple of str
        The same again, each with what is known of its date, and with its claims shown.
    claims : tuple of str
        Ids of the claims that headline and lines rest on; for a plain view all that are shown.
    notes : str
        What the speaker says.
    link : str
        The page and the whole view, every value written out, with the data version; after the
        address of a server where one is known.
    frame : geo.mapping.folium_map.Frame
        Where the map looks if the view names no camera.
    """

    key: str
    page: PageSpec
    view: View
    selection: Selection
    headline: str
    lines: tuple[str, ...]
    window: str
    counted: str
    legend: tuple[LegendEntry, ...]
    questions: tuple[Question, ...]
    unseen: str
    sources: tuple[str, ...]
    citations: tuple[str, ...]
    references: tuple[str, ...]
    claims: tuple[str, ...]
    notes: str
    link: str
    frame: MapExtent

    @property
    def credit(self) -> str:
        """Where the base map comes from, and that these are reports."""
        return f"{BASE_CREDIT} {REMARK}"

    @property
    def alt(self) -> str:
        """The map in words, for who cannot see it."""
        places = ", ".join(
            f"{name}: {count} {'report' if count == 1 else 'reports'}"
            for name, count in self._place_names().items()
        )
        return f"Map. {self.page.about} {self.counted}. {places or 'No place'}."

    @property
    def panel(self) -> PanelContent:
        """What its side panel has to say."""
        asked = tuple((one.question, one.answers) for one in self.questions)
        return PanelContent(self.legend, asked, self.unseen)

    @property
    def spoken(self) -> str:
        """The speaker's notes, then each source with its claims, then the link."""
        parts = [self.notes, "Sources", *(f"- {one}" for one in self.references), f"{self.link}"]
        return "\n".join(part for part in parts if part)

    def _place_names(self) -> dict[str, int]:
        rows = self.selection.rows
        names = dict(zip(rows["place"], rows["place_name"], strict=True))
        return {
            str(names[place]): count
            for place, count in self.selection.by_place.items()
            if place is not None
        }


def slide_of(
    view: View,
    store: LayerStore,
    evidence: Evidence,
    *,
    scene: Scene | None = None,
    address: str = "",
) -> Slide:
    """Return what a slide of a view says.

    Parameters
    ----------
    view : geo.view.View
        Its page decides which places it is about, and where the map looks.
    store : geo.store.LayerStore
    evidence : geo.evidence.Evidence
    scene : geo.briefing.Scene, optional
        Brings headline, lines and notes of its own; `view` should be its view.
    address : str
        Of a server, such as http://127.0.0.1:8501; the link begins with it.
    """
    page = find_page(view.page)
    selection = select(view.narrow_to_places(page.places), store)
    entries = list_citations(selection, evidence)
    named = tuple(claim for claim in scene.claims if claim not in selection.ids) if scene else ()
    if named:
        extra = replace(selection, rows=store.read(CLAIMS, Query(ids=named)))
        entries = [*entries, *list_citations(extra, evidence)]
    shared = replace(view, v=store.version(), scene=None)
    title = summary.build_title(selection, page.heading)
    return Slide(
        key=scene.id if scene else page.path,
        page=page,
        view=view,
        selection=selection,
        headline=clean_text(scene.headline.says if scene else title),
        lines=_lines(selection, scene),
        window=summary.format_day_range(selection) or "all dates",
        counted=selection.report_count,
        legend=tuple(build_legend(selection)),
        questions=_questions(selection, evidence),
        unseen=_unseen(selection, store),
        sources=tuple(dict.fromkeys(f"{_named_source(e)}, {e.dated}" for e in entries)),
        citations=tuple(dict.fromkeys(_cited(e) for e in entries)),
        references=tuple(f"{_cited(e)} {e.remark}" for e in entries),
        claims=scene.claims if scene else selection.ids,
        notes=clean_text(scene.notes if scene else ""),
        link=f"{address.rstrip('/')}/{page.path}?{to_query(shared, explicit=True)}",
        frame=page.frame or WEST_SYRIA,
    )


def _named_source(entry: Citation) -> str:
    if entry.publisher.startswith("not named") and entry.title:
        return f"{entry.title} (publisher {entry.publisher})"
    return entry.publisher


def _cited(entry: Citation) -> str:
    return f"{_named_source(entry)}, {entry.dated}{f', {entry.url}' if entry.url else ''}."


def _lines(selection: Selection, scene: Scene | None) -> tuple[str, ...]:
    says = [one.says for one in scene.statements] if scene else [summary.build_subtitle(selection)]
    if selection.unreadable:
        names = ", ".join(selection.unreadable)
        says.append(f"Not drawn, since it could not be read when this was made: layer {names}.")
    return tuple(clean_text(one) for one in says)


def _questions(selection: Selection, evidence: Evidence) -> tuple[Question, ...]:
    """Return the questions touched, those first of whose claims most are shown."""
    shown = set(selection.ids)
    touched = [one for one in evidence.conflicts if one.id in selection.conflicts]
    touched.sort(key=lambda one: -len(shown.intersection(one.claims)) / len(one.claims))
    return tuple(
        Question(one.id, clean_text(one.question), clean_text(one.note)) for one in touched
    )


def _unseen(selection: Selection, store: LayerStore) -> str:
    """Return what earlier days name and the chosen days do not, where days are chosen."""
    view = selection.view
    if view.date_from is None:
        return ""
    earlier = replace(view, date_from=None, date_to=None)
    days = [day for day in select(earlier, store).by_day if day and day < view.date_from]
    if not days:
        return ""
    before = replace(view, date_from=days[-1], date_to=days[-1])
    found = compare_views(before, view, store).changes
    names = sorted({one.system for one in found if one.change == NOT_OBSERVED})
    if not names:
        return ""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    last = formatting.format_day(days[-1], year=False)
    return (
        f"{', '.join(names[:_NAMED])}{more}: named on {last}, "
        "not in the reports of these days. No sign that they had gone."
    )
